// Running: services for tests, one for each kind of dashboard, over data that is made once.
#pragma once

#include <memory>
#include <string>

#include "sample/service.h"
#include "sample/testing/browser.h"

namespace weir::sample {

/// A directory that goes with its owner.
class ScratchDirectory {
public:
    ScratchDirectory();
    ~ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// Options of a service over the full-size data that all tests share.
ServiceOptions shared_options();

/// A service of that kind, started at its first use and stopped at the end of the tests.
Service& running(DashboardKind kind = DashboardKind::paginated);
std::string url(const std::string& path, DashboardKind kind = DashboardKind::paginated);

}  // namespace weir::sample

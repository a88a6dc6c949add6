// Running: services for tests, one for each kind of dashboard, over data that is made once.
#pragma once

#include <memory>
#include <string>

#include "sample/service.h"
#include "sample/testing/browser.h"
#include "sample/testing/scratch_directory.h"

namespace weir::sample {

/// Options of a service over the full-size data that all tests share.
ServiceOptions shared_options();

/// A service of that kind, started at its first use and stopped at the end of the tests.
Service& running(DashboardKind kind = DashboardKind::paginated);
std::string url(const std::string& path, DashboardKind kind = DashboardKind::paginated);

}  // namespace weir::sample

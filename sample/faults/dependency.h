// Dependency: a stand-in for the risk service, with a health check of its own; slow or failing on
// wish.
#pragma once

#include <cstdint>
#include <string>

#include "sample/faults/fault_plan.h"
#include "sample/web/lane.h"
#include "sample/web/server.h"

namespace weir::sample {

class Dependency {
public:
    Dependency(IoThread& io, const FaultPlan& plan);
    ~Dependency();
    Dependency(const Dependency&) = delete;
    Dependency& operator=(const Dependency&) = delete;

    Result<void> listen(const std::string& address, std::uint16_t port);
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    void stop();

private:
    [[nodiscard]] Response answer() const;

    FaultPlan plan_;
    Lane lane_;
    Site site_;
    HttpServer server_;
};

}  // namespace weir::sample

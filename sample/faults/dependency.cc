#include "sample/faults/dependency.h"

#include <thread>

namespace weir::sample {
namespace {

/// When it is slow it waits rather than works: many at once. Each costs a stack of the memory
/// limit.
constexpr std::size_t threads_of_slow = 32;
constexpr std::size_t queue = 2000;

}  // namespace

Dependency::Dependency(IoThread& io, const FaultPlan& plan)
    : plan_(plan),
      lane_(plan.dependency ? threads_of_slow : 1, queue),
      site_{.lane = [this](const Request&) -> Lane& { return lane_; },
            .respond = [this](const Request&, std::size_t) { return answer(); },
            .headers = {}},
      server_(io, site_) {}

Dependency::~Dependency() {
    stop();
}

Result<void> Dependency::listen(const std::string& address, std::uint16_t port) {
    return server_.listen(address, port);
}

void Dependency::stop() {
    server_.stop_accepting();
    lane_.close();
}

Response Dependency::answer() const {
    std::this_thread::sleep_for(plan_.dependency_delay);
    thread_local unsigned long asked = 0;
    asked += 1;
    const auto failures = static_cast<unsigned long>(plan_.dependency_failures * 100);
    if (asked * 37 % 100 < failures) return json_response(503, R"({"status":"DOWN"})");
    return json_response(200, R"({"status":"UP","risk":"medium"})");
}

}  // namespace weir::sample

#include "rt/clock.h"

#include <ctime>

namespace weir::rt {
namespace {

base::Nanos read_clock(clockid_t id) noexcept {
    timespec at{};
    clock_gettime(id, &at);
    return std::chrono::seconds(at.tv_sec) + base::Nanos(at.tv_nsec);
}

}  // namespace

base::Instant SystemClock::now() const noexcept {
    return base::Instant(read_clock(CLOCK_MONOTONIC));
}

base::WallTime SystemClock::wall() const noexcept {
    return base::WallTime(read_clock(CLOCK_REALTIME));
}

}  // namespace weir::rt

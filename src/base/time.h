// Time as types: durations in nanoseconds, instants of a monotonic clock, wall time for labels
// only.
#pragma once

#include <chrono>

namespace weir::base {

using Nanos = std::chrono::nanoseconds;

/// The clock type of Instant. It has no now(): time comes from an rt::Clock that is passed in.
struct Monotonic {
    using duration = Nanos;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Monotonic>;
    static constexpr bool is_steady = true;
};

/// A point on the run's monotonic clock. Decisions and samples use this.
using Instant = Monotonic::time_point;

/// A point in civil time (UTC). Labels and reports use this; nothing is measured with it.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Nanos>;

inline constexpr Instant instant_min = Instant::min();
inline constexpr Instant never = Instant::max();

/// Milliseconds as people and k6 count them, fractions kept.
[[nodiscard]] constexpr double to_ms(Nanos d) noexcept {
    return static_cast<double>(d.count()) / 1e6;
}
[[nodiscard]] constexpr double to_seconds(Nanos d) noexcept {
    return static_cast<double>(d.count()) / 1e9;
}
/// The nearest whole nanosecond. `ms` must be finite and within +-9.2e12.
[[nodiscard]] constexpr Nanos from_ms(double ms) noexcept {
    return Nanos(static_cast<Nanos::rep>(ms * 1e6 + (ms < 0 ? -0.5 : 0.5)));
}

}  // namespace weir::base

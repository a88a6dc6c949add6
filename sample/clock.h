// The clocks of the service: wall time for sessions and tokens, as a function so tests can move it.
#pragma once

#include <chrono>
#include <functional>

namespace weir::sample {

using WallTime = std::chrono::system_clock::time_point;
using WallClock = std::function<WallTime()>;

inline WallClock system_clock() {
    return [] { return std::chrono::system_clock::now(); };
}

/// For waiting times within the process.
inline std::chrono::steady_clock::time_point steady_now() {
    return std::chrono::steady_clock::now();
}

}  // namespace weir::sample

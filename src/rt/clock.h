// Clock: the only place time comes from. Real in production, moved by hand in tests and simulation.
#pragma once

#include "base/time.h"

namespace weir::rt {

/// Decisions share one now() per loop turn (Loop::now); timestamps in samples are read fresh here.
class Clock {
public:
    virtual ~Clock() = default;
    /// Monotonic; never goes back.
    [[nodiscard]] virtual base::Instant now() const noexcept = 0;
    /// Civil time, for labels only.
    [[nodiscard]] virtual base::WallTime wall() const noexcept = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] base::Instant now() const noexcept override;  // CLOCK_MONOTONIC
    [[nodiscard]] base::WallTime wall() const noexcept override;
};

}  // namespace weir::rt

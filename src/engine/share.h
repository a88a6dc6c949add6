// Share: one worker's part of one scenario, with all numbers already divided.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "base/time.h"
#include "engine/closed_executor.h"
#include "engine/open_executor.h"
#include "journey/run_context.h"

namespace weir::engine {

struct Share {
    journey::ScenarioContext* scenario = nullptr;
    base::Nanos start_after{};  // startTime
    base::Nanos graceful_stop{};
    std::variant<ClosedPlan, OpenPlan> plan;

    /// Users that should be ready when it starts.
    [[nodiscard]] std::size_t users_ready() const noexcept;
    /// The latest instant, after the run's start, at which it may still hold users.
    [[nodiscard]] base::Nanos end_after() const noexcept;
};

}  // namespace weir::engine

// Turns planned scenarios into each worker's share of them.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/run.h"
#include "journey/run_context.h"
#include "plan/scenario.h"

namespace weir::app {

/// `context` must outlive the plan. Shares are in the workers' order; their sums are the
/// scenario's.
[[nodiscard]] engine::ScenarioPlan plan_scenario(const plan::Scenario& scenario,
                                                 journey::ScenarioContext& context,
                                                 std::size_t workers);
/// The most users that the scenario may ever hold.
[[nodiscard]] std::size_t users_most(const plan::Scenario& scenario);
/// From the scenario's start to the end of its schedule, without the graceful stop.
[[nodiscard]] base::Nanos length_of(const plan::Scenario& scenario);

}  // namespace weir::app

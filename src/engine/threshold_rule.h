// The stop rule of k6's abortOnFail: a crossed threshold ends the run.
#pragma once

#include <vector>

#include "engine/stop_rule.h"
#include "plan/threshold.h"

namespace weir::engine {

/// Thresholds without abortOnFail, without samples yet, or still within delayAbortEval say nothing.
/// An empty function when no threshold has abortOnFail: a rule costs a snapshot of all users'
/// totals.
[[nodiscard]] StopRule abort_on_fail(std::vector<plan::ThresholdSet> sets);

}  // namespace weir::engine

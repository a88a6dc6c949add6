// What the live view shows of a run's rules: conditions, thresholds, requests of a duet.
#pragma once

#include <vector>

#include "app/terminal/live_run.h"
#include "judge/criteria.h"
#include "judge/duet.h"
#include "plan/threshold.h"

namespace weir::app {

/// k6's; each is held or crossed by the figures so far.
[[nodiscard]] LiveRules live_thresholds(std::vector<plan::ThresholdSet> thresholds);
/// A gate's conditions by the evidence so far, then the scripts' thresholds; the note says how far
/// an early end is.
[[nodiscard]] LiveRules live_conditions(judge::Criteria criteria);
/// The requests that have enough pairs; looked at when there are a tenth more of them.
[[nodiscard]] LiveRules live_pairs(judge::DuetRule rule);

}  // namespace weir::app

// Judging k6 thresholds against a record, with k6's meaning or Weir's where k6 passes on nothing.
#pragma once

#include <vector>

#include "judge/criteria.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// One finding for each threshold, in the order written. Without samples a threshold is missed;
/// criteria.strict_compat lets it pass, as k6 does. A figure that is no number is missed.
[[nodiscard]] std::vector<record::Finding> judge_thresholds(const record::RunRecord& record,
                                                            const Criteria& criteria);

/// Whether the generator's own stalls could explain a miss: it is about time.
[[nodiscard]] bool is_about_time(const record::RunRecord& record, const plan::ThresholdSet& set);

}  // namespace weir::judge

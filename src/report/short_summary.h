// Short summary: a run in a handful of lines, for somebody who runs it again and again.
#pragma once

#include <string>
#include <vector>

#include "plan/threshold.h"
#include "record/run_record.h"

namespace weir::report {

/// Iterations, checks (those that failed by name), requests, thresholds, the most frequent
/// exception; each line marked ✓ or ✗. `colors`: ANSI colours. Ends with a newline.
[[nodiscard]] std::string short_summary(const record::RunRecord& record,
                                        const std::vector<plan::ThresholdSet>& thresholds,
                                        bool colors);

}  // namespace weir::report

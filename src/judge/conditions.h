// Judging single conditions against a record.
#pragma once

#include "plan/condition.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// Held or missed on the point estimate; undecided with fewer than min_samples. The interval of the
/// share is Wilson's at `confidence`; where the record tells one second from the next (a condition
/// on one request name), widened by how much more its seconds differ than independent answers
/// would.
[[nodiscard]] record::Finding judge_condition(const record::RunRecord& record,
                                              const plan::Condition& condition,
                                              double confidence);

/// Whether a missed condition stays missed when everything that the generator may have added is
/// taken off: time from the actual send instead of the intended start, and the longest stall of its
/// loop.
[[nodiscard]] bool misses_beyond_doubt(const record::RunRecord& record,
                                       const plan::Condition& condition);

}  // namespace weir::judge

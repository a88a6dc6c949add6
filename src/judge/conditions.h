// Judging single conditions against a record, or against what is known while a run lasts.
#pragma once

#include <string>

#include "judge/counting.h"
#include "judge/criteria.h"
#include "plan/condition.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// Decided by evidence (docs/adr/0014) where the record's windows give enough of it; else by
/// criteria.decisions.undecided, and called weak; undecided with fewer than min_samples. The
/// interval of a share is Wilson's at criteria.confidence, widened by how much more the windows
/// differ than independent answers would.
[[nodiscard]] record::Finding judge_condition(const record::RunRecord& record,
                                              const plan::Condition& condition,
                                              const Criteria& criteria);

/// Whether a missed condition stays missed when everything that the generator may have added is
/// taken off: time from the actual send instead of the intended start, and the longest stall of its
/// loop.
[[nodiscard]] bool misses_beyond_doubt(const record::RunRecord& record,
                                       const plan::Condition& condition);
/// Whether it would hold with half of the time and half of the misses, or without a single error:
/// no soft signal can spoil that.
[[nodiscard]] bool holds_comfortably(const record::RunRecord& record,
                                     const plan::Condition& condition);

/// For words and counts.
[[nodiscard]] CountRule rule_of(const plan::Condition& condition);

/// How conditions stand while the run lasts, asked a little more strictly than at its end.
struct SoFar {
    bool all_held = false;  // each condition that can be decided is, in the service's favour
    std::string missed;     // one that is decided against the service; empty: none
};
[[nodiscard]] SoFar decided_so_far(const record::Windows& windows,
                                   const Criteria& criteria,
                                   base::Nanos elapsed);

}  // namespace weir::judge

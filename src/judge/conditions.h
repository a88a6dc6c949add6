// Judging single conditions against a record, or against what is known while a run lasts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "judge/counting.h"
#include "judge/criteria.h"
#include "plan/condition.h"
#include "record/run_record.h"
#include "record/verdict.h"
#include "stats/sequential.h"

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

/// What a finding on that condition is about, with nothing found yet.
[[nodiscard]] record::Finding blank_finding(const plan::Condition& condition);
/// Some, and not fewer than it asks for.
[[nodiscard]] bool are_enough(const plan::Condition& condition, std::uint64_t samples);
/// Of one decision: the gate's error level is shared by all its conditions, and by the `parts` of
/// one that is decided in several.
[[nodiscard]] stats::ErrorLevels levels_of(const Criteria& criteria, std::size_t parts);

}  // namespace weir::judge

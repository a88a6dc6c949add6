// Judging single conditions and k6 thresholds against a record.
#pragma once

#include <vector>

#include "judge/criteria.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// Requests of a selection, counted for a share condition. Steps of signing in are left out.
struct Counted {
    std::uint64_t requests = 0;  // finished or not
    std::uint64_t failed = 0;    // answered, but not as expected, or not at all
    std::uint64_t within = 0;    // of those that did not fail: within the limit
    std::uint64_t unfinished = 0;
};
struct CountRule {
    base::Nanos limit = base::Nanos::max();
    bool errors_count = true;
    bool from_actual_send = false;  // service time instead of response time
};
[[nodiscard]] Counted count(const record::RunRecord& record,
                            const plan::Selection& selection,
                            const CountRule& rule);

[[nodiscard]] record::Finding judge_condition(const record::RunRecord& record,
                                              const plan::Condition& condition,
                                              double confidence);
/// Whether a missed condition stays missed when everything that the generator may have added is
/// taken off: time from the actual send instead of the intended start, and the longest stall of its
/// loop.
[[nodiscard]] bool misses_beyond_doubt(const record::RunRecord& record,
                                       const plan::Condition& condition);
[[nodiscard]] std::vector<record::Finding> judge_thresholds(const record::RunRecord& record,
                                                            const Criteria& criteria);

}  // namespace weir::judge

// Validity: signals for and against trusting a run; each names who should look.
#pragma once

#include <vector>

#include "judge/criteria.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// Generator, sign-in, schedule, target's identity, script, guard; in the order in which they
/// matter.
[[nodiscard]] std::vector<record::Signal> find_signals(const record::RunRecord& record,
                                                       const Criteria& criteria);

}  // namespace weir::judge

// Validity: signals for and against trusting a run; each names who should look.
#pragma once

#include <vector>

#include "judge/criteria.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// Dependencies, how the run ended, journey, sign-in, target, generator: roots before what may come
/// of them. The
/// signals that only a gate needs (partly throwing journeys, firewalls, silence, requests not told
/// apart) need conditions in the criteria, or a baseline that may fail the run.
[[nodiscard]] std::vector<record::Signal> find_signals(const record::RunRecord& record,
                                                       const Criteria& criteria);

}  // namespace weir::judge

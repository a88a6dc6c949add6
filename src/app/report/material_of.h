// What a report of a result is made of, from what a gate, a run or a stored result holds.
#pragma once

#include "app/gate_attempt.h"
#include "gate/decision.h"
#include "report/material.h"

namespace weir::app {

/// `made` must outlive it.
[[nodiscard]] report::Material material_of(const GateAttempt& made, gate::Decision decision);

/// What `weir run` makes of a verdict: nothing is deployed by it.
[[nodiscard]] gate::Decision decision_of_run(const record::Verdict& verdict);

}  // namespace weir::app

// The parts of weir.toml that say how runs are judged and trusted, and how much load is offered.
#pragma once

#include "base/result.h"
#include "plan/suite.h"
#include "plan/toml_table.h"

namespace weir::plan {

/// gate.steps: instead of gate.rate and gate.duration.
[[nodiscard]] base::Result<void> read_steps(TomlTable& gate, Suite& suite);
/// [decision], [trust], [[dependency]], [[fact]], [store].
[[nodiscard]] base::Result<void> read_decision_parts(TomlTable& root, Suite& suite);

}  // namespace weir::plan

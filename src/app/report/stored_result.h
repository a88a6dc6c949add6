// StoredResult: a result of a gate, a run or a duet, read back from its directory and judged again.
#pragma once

#include <string>

#include "app/gate_attempt.h"
#include "app/result_directory.h"
#include "base/result.h"
#include "gate/decision.h"

namespace weir::app {

struct StoredResult {
    GateAttempt made;
    gate::Decision decision;
};

/// The verdict is what `weir judge` says. A result of before there was a provenance has what its
/// record says; one without criteria has nothing to keep. The Error names the file and what is
/// wrong with it.
[[nodiscard]] base::Result<StoredResult> read_result(const ResultDirectory& directory);

}  // namespace weir::app

// decide(): a verdict becomes what the pipeline does. Pure; the only map from verdicts to exit
// codes.
#pragma once

#include <string>

#include "gate/exit_code.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::gate {

struct Decision {
    bool allow = false;
    ExitCode code = ExitCode::gate_error;
    std::string sentence;  // "deployment blocked: …"
};

/// For `weir gate`.
[[nodiscard]] Decision decide(const record::Verdict& verdict);

/// For `weir run`, as k6 does: thresholds first, then how the run ended.
[[nodiscard]] ExitCode exit_code_of(const record::RunRecord& record, bool thresholds_hold);

}  // namespace weir::gate

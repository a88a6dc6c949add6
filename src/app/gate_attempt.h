// GateAttempt: one run of a gate's suite, from the first look at the target to the verdict.
#pragma once

#include <optional>

#include "app/gate_suite.h"
#include "app/result_directory.h"
#include "base/result.h"
#include "gate/exit_code.h"
#include "gate/provenance.h"
#include "judge/criteria.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::app {

struct GateAttempt {
    record::RunRecord record;
    judge::Criteria criteria;
    record::Verdict verdict;
    gate::Provenance provenance;  // for reports alone
};

/// Why there is no verdict: the script or the configuration is wrong.
struct GateFailure {
    base::Error error;
    gate::ExitCode code = gate::ExitCode::usage;
};

/// Watches the target's surroundings, offers the load, ends when the verdict is decided.
[[nodiscard]] std::optional<GateFailure> attempt(GateSuite& gate, GateAttempt& into);

/// record.json, criteria.json, verdict.json, provenance.json, junit.xml and, for people,
/// verdict.txt.
[[nodiscard]] base::Result<void> keep(const ResultDirectory& directory,
                                      const GateAttempt& attempt,
                                      const std::string& words);

}  // namespace weir::app

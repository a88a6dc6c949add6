// decide(): a verdict, and a bypass if one was used, become what the pipeline does. Pure; the only
// map from verdicts to exit codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/exit_code.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::gate {

/// A bypass that covers this suite, environment and commit or artefact, with a use that was taken
/// for this run and no other.
struct UsedBypass {
    std::string id{};
    std::string request_sha256{};
    std::string requester{};
    std::vector<std::string> approvers{};
    std::string reason{};
    std::uint64_t use = 1;  // the how manieth
    [[nodiscard]] bool operator==(const UsedBypass&) const = default;
};

struct Decision {
    bool allow = false;
    bool bypassed = false;  // allowed without a pass
    ExitCode code = ExitCode::gate_error;
    std::string sentence{};  // "deployment blocked: …"
};

/// For `weir gate`. A pass needs no bypass: one that is given changes nothing.
[[nodiscard]] Decision decide(const record::Verdict& verdict,
                              const std::optional<UsedBypass>& bypass = {});

/// The process' own: with `zero_when_allowed`, 0 also for a deployment that may go on by a bypass.
[[nodiscard]] ExitCode exit_code_of(const Decision& decision, bool zero_when_allowed);

/// For `weir run`, as k6 does: thresholds first, then how the run ended.
[[nodiscard]] ExitCode exit_code_of(const record::RunRecord& record, bool thresholds_hold);

}  // namespace weir::gate

// Release: what follows a gate's verdict: debts, a bypass, the signed statement, rows of the
// ledger.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/gate_attempt.h"
#include "app/gate_suite.h"
#include "app/result_directory.h"
#include "attest/keys.h"
#include "gate/debt.h"
#include "gate/decision.h"
#include "notify/notice.h"

namespace weir::app {

/// What is to be deployed, as far as the pipeline says.
struct Deployment {
    std::string commit;
    std::string artefact;  // SHA-256, 64 hexadecimal digits; empty: not said
};

struct ReleasePlan {
    const GateSuite& gate;
    std::string config;   // weir.toml, from where keys are named
    std::string results;  // the directory of all results
    Deployment deployment;
    bool may_bypass = true;  // false: the run is tried again before anything is let through
};

struct Released {
    gate::Decision decision;
    std::optional<gate::UsedBypass> bypass;
    std::vector<gate::Debt> cleared;      // by this run
    std::vector<gate::Debt> owed;         // still, with what this run added
    std::vector<std::string> notes;       // why no bypass was used, what could not be written
    std::vector<notify::Notice> notices;  // to be sent: a use, a debt, a debt that is cleared
};

/// One turn at the ledger: debts that this run clears, a bypass when the verdict blocks, and the
/// statement are rows of it, all or none. attestation.json is written when there is a key. Without
/// the store the verdict stands alone: no bypass, a statement without the ledger's head, and its
/// row waits in the outbox.
[[nodiscard]] Released release(const ReleasePlan& plan,
                               const GateAttempt& made,
                               const ResultDirectory& directory);

/// For people, after the verdict; empty when there is nothing to say.
[[nodiscard]] std::string released_text(const Released& released);

}  // namespace weir::app

// A gate's verdict as a statement, and the key that the gate signs it with.
#pragma once

#include <optional>
#include <string>

#include "app/gate_attempt.h"
#include "app/gate_suite.h"
#include "app/result_directory.h"
#include "attest/keys.h"
#include "attest/statement.h"
#include "base/result.h"

namespace weir::app {

struct Deployment;

/// attest.key; nothing when there is none. The error says what is wrong with it, and quotes nothing
/// of it.
[[nodiscard]] base::Result<std::optional<attest::PrivateKey>> signing_key(
    const plan::Suite& suite, const std::string& config);

/// Without ledger and bypass. Of record.json in `directory`, which must be there, it has the hash.
[[nodiscard]] base::Result<attest::Statement> statement_of(const GateAttempt& made,
                                                           const GateSuite& gate,
                                                           const Deployment& deployment,
                                                           const ResultDirectory& directory);

}  // namespace weir::app

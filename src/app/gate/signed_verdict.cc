#include "app/gate/signed_verdict.h"

#include <filesystem>
#include <utility>

#include "app/gate/release.h"
#include "app/key/key_text.h"
#include "attest/digest.h"
#include "base/version.h"

namespace weir::app {

using base::Result;

Result<std::optional<attest::PrivateKey>> signing_key(const plan::Suite& suite,
                                                      const std::string& config) {
    if (!suite.attest.key) return std::optional<attest::PrivateKey>();
    const auto pem =
        key_text(*suite.attest.key, std::filesystem::absolute(config).parent_path().string());
    if (!pem.ok()) return base::within("attest.key", pem.error());
    auto key = attest::PrivateKey::from_pem(pem.value().view());
    if (!key.ok()) return base::within("attest.key", key.error());
    return std::optional(std::move(key).value());
}

Result<attest::Statement> statement_of(const GateAttempt& made,
                                       const GateSuite& gate,
                                       const Deployment& deployment,
                                       const ResultDirectory& directory) {
    TRY(const auto record, directory.read("record.json"));
    attest::Statement statement;
    if (!deployment.artefact.empty()) statement.artefacts = {deployment.artefact};
    statement.commit = deployment.commit;
    if (statement.commit.empty() && !made.record.target.seen.empty()) {
        statement.commit = made.record.target.seen.front().version;
    }
    statement.suite = gate.suite.name;
    statement.environment = gate.environment.name;
    statement.base_url = gate.environment.base_url;
    statement.run_id = made.record.run_id;
    statement.record_sha256 = attest::sha256_hex(record);
    statement.started = made.record.started;
    statement.finished = made.record.started + made.record.duration;
    statement.versions = made.verdict.versions;
    statement.outcome = attest::outcome_of(made.verdict.kind);
    statement.reasons = made.verdict.reasons;
    statement.conditions = made.verdict.findings;
    statement.signals = made.verdict.signals;
    statement.weir_version = std::string(base::version);
    return statement;
}

}  // namespace weir::app

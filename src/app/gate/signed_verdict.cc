#include "app/gate/signed_verdict.h"

#include <filesystem>
#include <utility>

#include "app/gate/release.h"
#include "app/process_environment.h"
#include "attest/digest.h"
#include "base/format.h"
#include "base/version.h"

namespace weir::app {

using base::Result;

namespace {

/// Pipelines that keep a variable in one line write "\n" for its line ends.
std::string with_line_ends(const std::string& text) {
    if (text.find('\n') != std::string::npos) return text;
    std::string lines;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool end = text.compare(i, 2, "\\n") == 0;
        lines += end ? '\n' : text[i];
        if (end) ++i;
    }
    return lines;
}

Result<attest::SecretText> read_key(const plan::SecretSource& source, const std::string& config) {
    if (source.from_variable.empty()) {
        const auto directory = std::filesystem::absolute(config).parent_path();
        TRY(auto text, read_file((directory / source.from_file).string()));
        return attest::SecretText(std::move(text));
    }
    const auto text = environment_variable(source.from_variable);
    if (text && !text->empty()) return attest::SecretText(with_line_ends(*text));
    return base::Error{
        base::Code::not_found,
        base::format("it comes from the variable {}, which is not set", source.from_variable)};
}

}  // namespace

Result<std::optional<attest::PrivateKey>> signing_key(const plan::Suite& suite,
                                                      const std::string& config) {
    if (!suite.attest.key) return std::optional<attest::PrivateKey>();
    const auto pem = read_key(*suite.attest.key, config);
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

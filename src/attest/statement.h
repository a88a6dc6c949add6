// Statement: a gate's verdict as an in-toto statement, for signing and for deploy time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attest/chain.h"
#include "attest/envelope.h"
#include "base/result.h"
#include "base/time.h"
#include "record/verdict.h"

namespace weir::attest {

inline constexpr std::string_view statement_payload_type = "application/vnd.in-toto+json";
inline constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
/// A name, not an address; the version is in it. docs/formats/attestation.md
inline constexpr std::string_view predicate_type = "https://weir.example/verdict/v1";

enum class Outcome : std::uint8_t {
    pass,
    fail,
    invalid,
    bypassed,  // no pass; an approved bypass was used
};
[[nodiscard]] std::string_view word_of(Outcome outcome) noexcept;
[[nodiscard]] Outcome outcome_of(record::VerdictKind kind) noexcept;

/// The bypass that a gate let through on.
struct BypassUse {
    std::string id;
    std::string request_sha256;     // BypassRequest's digest
    std::uint64_t use = 1;          // 1 for its first, and so on
    std::vector<std::string> debt;  // conditions that must hold again
    [[nodiscard]] bool operator==(const BypassUse&) const = default;
};

struct Statement {
    /// What was tested: SHA-256 of the artefacts that will be deployed, 64 hexadecimal digits each.
    std::vector<std::string> artefacts;
    std::string commit;  // or version; empty: not known
    std::string suite;
    std::string environment;
    std::string base_url;  // written without user and password
    std::string run_id;
    std::string record_sha256;  // of record.json's bytes
    base::WallTime started{};
    base::WallTime finished{};
    std::vector<std::string> versions;  // of the target, as its answers said
    Outcome outcome = Outcome::invalid;
    std::vector<std::string> reasons;
    std::vector<record::Finding> conditions;  // condition, state, unit, value, limit, samples,
                                              // decided, weak and words are kept
    std::vector<record::Signal> signals;      // whether the measurement can be trusted
    std::optional<ChainHead> ledger;          // of the store when the verdict was made
    std::optional<BypassUse> bypass;          // exactly when bypassed
    std::string weir_version;
};

/// The in-toto Statement v1 as JSON, the same bytes for the same statement. Subjects are the
/// artefacts and the commit (`gitCommit`, when it is one); without either, the run record.
[[nodiscard]] std::string encode(const Statement& statement);
/// Strict where it matters: types, digests, times, a verdict that is one. Unknown fields are
/// ignored, as in-toto asks.
[[nodiscard]] base::Result<Statement> decode_statement(std::string_view json);

[[nodiscard]] Envelope seal(const Statement& statement, const PrivateKey& key);
/// The statement in an envelope, whoever signed it: check_signers() says who did.
[[nodiscard]] base::Result<Statement> open_statement(const Envelope& envelope);

}  // namespace weir::attest

// Admission: whether signed verdicts let an artefact be deployed now, else the exact reason.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attest/chain.h"
#include "attest/keys.h"
#include "attest/statement.h"
#include "base/time.h"

namespace weir::attest {

/// What is to be deployed. One of artefact and commit at least; both must match when both are
/// there.
struct AdmissionWanted {
    std::string artefact;  // SHA-256, 64 hexadecimal digits
    std::string commit;
    std::string suite;
    std::string environment;
    base::Nanos max_age = std::chrono::hours(2);
    base::WallTime now{};
};

/// A signed verdict as it came: an envelope's JSON, and the row that holds it, where one does.
struct Candidate {
    std::string envelope;
    std::optional<std::uint64_t> sequence;  // its row in the chain
    std::string from;                       // for texts: "row 12", a file's name
};

/// What the store knows of it.
struct LedgerView {
    std::vector<Candidate> statements;  // all signed verdicts in the chain
    std::vector<ChainHead> chain;       // every row's sequence and hash, in order
    /// digest_of() the bypassed statements that were admitted → when: "2026-11-24T10:30:00Z".
    std::map<std::string, std::string> admitted;
    /// Ids of bypasses that no longer hold → why: "revoked by Ann", "expired 12 min ago".
    std::map<std::string, std::string> withdrawn;
};

struct Admission {
    bool admitted = false;
    std::string reason;  // one sentence
    std::vector<std::string> warnings;
    std::vector<std::string> notes;      // what else was looked at, and why it did not count
    std::optional<Statement> statement;  // the one that decided, when there was one
    std::string digest;                  // digest_of() its envelope: to record a bypass's admission
    std::optional<std::uint64_t> sequence;  // its row
};

/// `presented`: what came from outside; empty: those of the ledger. `ledger`: null when there is
/// none: a pass is admitted with the warning that a replay could not be seen, a bypass never.
/// Of all that is signed by a trusted key and about exactly `wanted` the newest one decides; the
/// ledger's later verdicts count against what is presented.
[[nodiscard]] Admission admit(const AdmissionWanted& wanted,
                              std::span<const Candidate> presented,
                              std::span<const PublicKey> trusted,
                              const LedgerView* ledger);

}  // namespace weir::attest

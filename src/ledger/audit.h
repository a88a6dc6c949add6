// Audit: the ledger's append-only rows: who asked for, allowed, used and judged what; each carries
// the hash of the one before it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attest/chain.h"
#include "base/result.h"
#include "base/time.h"
#include "ledger/chain_break.h"

namespace weir::ledger {

class Database;

/// What a row can tell of; docs/formats/ledger.md says what the body of each holds.
namespace audit_kind {
inline constexpr std::string_view bypass_requested = "bypass requested";
inline constexpr std::string_view bypass_approved = "bypass approved";
inline constexpr std::string_view bypass_refused = "bypass refused";
inline constexpr std::string_view bypass_used = "bypass used";
inline constexpr std::string_view bypass_expired = "bypass expired";
inline constexpr std::string_view bypass_revoked = "bypass revoked";
inline constexpr std::string_view debt = "debt";
inline constexpr std::string_view debt_cleared = "debt cleared";
inline constexpr std::string_view attestation = "attestation";
inline constexpr std::string_view admission = "admission";
inline constexpr std::string_view admission_refused = "admission refused";
}  // namespace audit_kind

/// Everything that its writer says; texts of UTF-8. The keys are for look-up and may be empty; the
/// hash covers them, too.
struct AuditEntry {
    std::string kind{};
    std::string suite{};
    std::string environment{};
    std::string subject{};  // "sha256:HEX" of the artefact
    std::string commit{};
    std::string bypass{};  // id of the bypass it is about
    std::string run_id{};
    std::string content{};  // a JSON object: what else there is to say; empty: nothing
};

/// A row: as it is stored and hashed, and what it says.
struct AuditRow {
    attest::ChainEntry link{};
    AuditEntry entry{};  // out of link.body
};

/// Empty fields do not narrow.
struct AuditFilter {
    std::string kind{};
    std::string suite{};
    std::string environment{};
    std::string subject{};
    std::string commit{};
    std::string bypass{};
    std::string run_id{};
};

/// The audit table for as long as nobody else can append to it: what is read here is still so when
/// the row is written. See Ledger::audit().
class AuditTurn {
public:
    AuditTurn(Database& database, base::WallTime now, attest::ChainHead head);

    /// By the store's clock; the same for the whole turn.
    [[nodiscard]] base::WallTime now() const noexcept { return now_; }
    [[nodiscard]] const attest::ChainHead& head() const noexcept { return head_; }
    /// Oldest first, with what this turn appended.
    [[nodiscard]] base::Result<std::vector<AuditRow>> rows(const AuditFilter& filter);
    [[nodiscard]] base::Result<AuditRow> append(const AuditEntry& entry);
    /// See Ledger::first_broken().
    [[nodiscard]] base::Result<std::optional<ChainBreak>> first_broken();

private:
    Database* database_;
    base::WallTime now_;
    attest::ChainHead head_;
};

using AuditWork = std::function<base::Result<void>(AuditTurn&)>;

}  // namespace weir::ledger

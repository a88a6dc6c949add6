// BypassBook: what the ledger holds about a suite's bypasses and debts, read back from its rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/bypass/people.h"
#include "attest/bypass.h"
#include "base/result.h"
#include "gate/debt.h"
#include "ledger/audit.h"

namespace weir::app {

struct BookedBypass {
    std::string id;
    std::uint64_t row = 0;  // of the request
    attest::BypassDocuments documents;
    std::vector<std::string> used_by;  // runs
    bool expiry_noted = false;
};

struct BypassBook {
    std::vector<BookedBypass> bypasses;  // in the order they were asked for
    std::vector<gate::Debt> debts;       // open ones, oldest first
    [[nodiscard]] const BookedBypass* find(const std::string& id) const;
};

/// Rows of a filter: AuditTurn::rows or Ledger::audit_rows.
using ReadRows =
    std::function<base::Result<std::vector<ledger::AuditRow>>(const ledger::AuditFilter&)>;

/// Of one suite and environment; empty names do not narrow.
[[nodiscard]] base::Result<BypassBook> read_book(const ReadRows& rows,
                                                 const std::string& suite,
                                                 const std::string& environment);

/// Whether the bypass lets `wanted` through; without `wanted`, whether it lets anything through. As
/// attest::judge_bypass() has it, and by what people may do.
[[nodiscard]] attest::BypassStanding stand(const BookedBypass& bypass,
                                           const BypassPeople& people,
                                           const std::optional<attest::BypassWanted>& wanted,
                                           base::WallTime now);

/// {"envelope": "…"}: how a signed document is kept in a row.
[[nodiscard]] std::string content_of(const attest::Envelope& envelope);
[[nodiscard]] std::string envelope_in(const ledger::AuditEntry& entry);

}  // namespace weir::app

// Using a bypass: at most once, for a gate that would block, within one turn at the ledger.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/bypass/book.h"
#include "gate/debt.h"
#include "gate/decision.h"
#include "ledger/audit.h"
#include "notify/notice.h"
#include "record/verdict.h"

namespace weir::app {

/// The run that a bypass is wanted for.
struct BypassNeed {
    attest::BypassWanted wanted;  // `now` comes from the turn
    std::string run_id;
    const record::Verdict* verdict = nullptr;
};

struct BypassTaken {
    std::optional<gate::UsedBypass> used;
    std::vector<std::string> debt;        // the conditions that must hold again
    std::vector<std::string> why_not;     // of each bypass that might have been meant
    std::vector<notify::Notice> expired;  // of bypasses whose time was over
};

/// The oldest bypass that covers `need`: its use and the debt become rows. None counts while the
/// chain is broken, or, by the rule, while a debt is open.
[[nodiscard]] base::Result<BypassTaken> use_bypass(ledger::AuditTurn& turn,
                                                   const BypassNeed& need,
                                                   const BypassPeople& people,
                                                   bool refuse_in_debt);

/// Rows for debts of the suite and environment that the verdict clears; which they were.
[[nodiscard]] base::Result<std::vector<gate::Debt>> clear_debts(ledger::AuditTurn& turn,
                                                                const BypassNeed& need);

/// A row for each bypass whose time is over and of which no row says so yet; what people should
/// hear of them.
[[nodiscard]] base::Result<std::vector<notify::Notice>> note_expiries(ledger::AuditTurn& turn,
                                                                      const BypassBook& book,
                                                                      const BypassPeople& people);

/// What rows about `need` have in common; `wanted.artefact` becomes "sha256:…".
[[nodiscard]] ledger::AuditEntry entry_about(const attest::BypassWanted& wanted,
                                             std::string_view kind);

}  // namespace weir::app

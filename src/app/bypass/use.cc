#include "app/bypass/use.h"

#include <utility>

#include "app/bypass/bypass_notices.h"
#include "app/bypass/desk.h"
#include "base/format.h"
#include "base/json.h"
#include "report/bypass_text.h"

namespace weir::app {
namespace {

using attest::BypassState;
using base::Result;
namespace kind = ledger::audit_kind;

ReadRows rows_of(ledger::AuditTurn& turn) {
    return [&turn](const ledger::AuditFilter& filter) { return turn.rows(filter); };
}

gate::UsedBypass used_of(const BookedBypass& bypass, const attest::BypassStanding& standing) {
    return {.id = bypass.id,
            .request_sha256 = standing.request_sha256,
            .requester = standing.request.requester,
            .approvers = standing.approvers,
            .reason = standing.request.reason,
            .use = bypass.used_by.size() + 1};
}

Result<void> write_use(ledger::AuditTurn& turn, const BypassNeed& need, const BypassTaken& taken) {
    auto use = entry_about(need.wanted, kind::bypass_used);
    use.bypass = taken.used->id;
    use.run_id = need.run_id;
    use.content = base::write_json({{"use", taken.used->use},
                                    {"request_sha256", taken.used->request_sha256},
                                    {"verdict", record::word_of(need.verdict->kind)},
                                    {"reasons", need.verdict->reasons}});
    TRY(const auto used, turn.append(use));
    auto debt = entry_about(need.wanted, kind::debt);
    debt.bypass = taken.used->id;
    debt.run_id = need.run_id;
    debt.content = base::write_json({{"use", used.link.sequence}, {"conditions", taken.debt}});
    TRY(const auto owed, turn.append(debt));
    (void)owed;
    return {};
}

/// Of those that are for another commit or artefact nobody needs to hear.
bool might_be_meant(const attest::BypassRequest& request, const attest::BypassWanted& wanted) {
    return (!request.commit.empty() && request.commit == wanted.commit) ||
           (!request.artefact.empty() && request.artefact == wanted.artefact);
}

}  // namespace

ledger::AuditEntry entry_about(const attest::BypassWanted& wanted, std::string_view kind) {
    ledger::AuditEntry entry;
    entry.kind = std::string(kind);
    entry.suite = wanted.suite;
    entry.environment = wanted.environment;
    entry.commit = wanted.commit;
    if (!wanted.artefact.empty()) entry.subject = "sha256:" + wanted.artefact;
    return entry;
}

Result<BypassTaken> use_bypass(ledger::AuditTurn& turn,
                               const BypassNeed& need,
                               const BypassPeople& people,
                               bool refuse_in_debt) {
    BypassTaken taken;
    TRY(const auto book, read_book(rows_of(turn), need.wanted.suite, need.wanted.environment));
    TRY(taken.expired, note_expiries(turn, book, people));
    auto wanted = need.wanted;
    wanted.now = turn.now();
    for (const auto& bypass : book.bypasses) {
        const auto standing = stand(bypass, people, wanted, wanted.now);
        if (!standing.covers() && might_be_meant(standing.request, wanted)) {
            taken.why_not.push_back(base::format("bypass {}: {}", bypass.id, standing.reason));
        }
        if (!standing.covers()) continue;
        if (refuse_in_debt && !book.debts.empty()) {
            taken.why_not.push_back(base::format("bypass {}: no further one while there is a {}",
                                                 bypass.id, report::debt_text(book.debts.front())));
            continue;
        }
        TRY(const auto broken, turn.first_broken());
        if (broken) {
            taken.why_not.push_back(base::format(
                "bypass {}: none counts while the ledger is broken: {} (weir ledger verify)",
                bypass.id, broken->words));
            return taken;
        }
        taken.used = used_of(bypass, standing);
        taken.debt = gate::not_held(*need.verdict);
        taken.why_not.clear();
        TRY_VOID(write_use(turn, need, taken));
        return taken;
    }
    return taken;
}

Result<std::vector<gate::Debt>> clear_debts(ledger::AuditTurn& turn, const BypassNeed& need) {
    TRY(const auto book, read_book(rows_of(turn), need.wanted.suite, need.wanted.environment));
    std::vector<gate::Debt> cleared;
    for (const auto& debt : book.debts) {
        if (!gate::clears(*need.verdict, debt)) continue;
        auto entry = entry_about(need.wanted, kind::debt_cleared);
        entry.bypass = debt.bypass;
        entry.run_id = need.run_id;
        entry.content = base::write_json({{"debt", debt.row}});
        TRY(const auto row, turn.append(entry));
        (void)row;
        cleared.push_back(debt);
    }
    return cleared;
}

Result<std::vector<notify::Notice>> note_expiries(ledger::AuditTurn& turn,
                                                  const BypassBook& book,
                                                  const BypassPeople& people) {
    std::vector<notify::Notice> notices;
    for (const auto& bypass : book.bypasses) {
        if (bypass.expiry_noted) continue;
        const auto standing = stand(bypass, people, {}, turn.now());
        if (standing.state != BypassState::expired) continue;
        ledger::AuditEntry entry;
        entry.kind = std::string(kind::bypass_expired);
        entry.suite = standing.request.suite;
        entry.environment = standing.request.environment;
        entry.commit = standing.request.commit;
        if (!standing.request.artefact.empty()) {
            entry.subject = "sha256:" + standing.request.artefact;
        }
        entry.bypass = bypass.id;
        TRY(const auto row, turn.append(entry));
        (void)row;
        notices.push_back(notice_of(notify::NoticeKind::bypass_expired, line_of(bypass, standing),
                                    standing.reason, turn.now()));
    }
    return notices;
}

}  // namespace weir::app

#include "app/bypass/book.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/json.h"
#include "record/wall_text.h"

namespace weir::app {
namespace {

using base::Result;
using ledger::AuditRow;
namespace kind = ledger::audit_kind;

/// A debt's row: what did not hold.
gate::Debt debt_of(const AuditRow& row) {
    gate::Debt debt;
    debt.row = row.link.sequence;
    debt.bypass = row.entry.bypass;
    debt.run_id = row.entry.run_id;
    debt.suite = row.entry.suite;
    debt.environment = row.entry.environment;
    if (const auto at = record::wall_from_text(row.link.at); at.ok()) debt.since = at.value();
    const auto content = base::parse_json(row.entry.content);
    if (!content.ok() || !content.value().is_object()) return debt;
    const auto found = content.value().find("conditions");
    if (found == content.value().end() || !found->is_array()) return debt;
    for (const auto& each : *found) {
        if (each.is_string()) debt.conditions.push_back(each.get<std::string>());
    }
    return debt;
}

/// The row of the debt that this row clears.
std::uint64_t cleared_by(const AuditRow& row) {
    const auto content = base::parse_json(row.entry.content);
    if (!content.ok()) return 0;
    return static_cast<std::uint64_t>(base::number_or(content.value(), "debt", 0));
}

class Reading {
public:
    Reading(const ReadRows& rows, const std::string& suite, const std::string& environment)
        : rows_(rows), suite_(suite), environment_(environment) {}

    Result<BypassBook> read() {
        TRY_VOID(requests());
        TRY_VOID(on_each(kind::bypass_approved, [](BookedBypass& bypass, const AuditRow& row) {
            bypass.documents.approvals.push_back(envelope_in(row.entry));
        }));
        TRY_VOID(on_each(kind::bypass_revoked, [](BookedBypass& bypass, const AuditRow& row) {
            bypass.documents.revocations.push_back(envelope_in(row.entry));
        }));
        TRY_VOID(on_each(kind::bypass_used, [](BookedBypass& bypass, const AuditRow& row) {
            bypass.used_by.push_back(row.entry.run_id);
        }));
        TRY_VOID(on_each(kind::bypass_expired, [](BookedBypass& bypass, const AuditRow&) {
            bypass.expiry_noted = true;
        }));
        TRY_VOID(debts());
        return std::move(book_);
    }

private:
    Result<std::vector<AuditRow>> of(std::string_view what) const {
        return rows_({.kind = std::string(what), .suite = suite_, .environment = environment_});
    }

    Result<void> requests() {
        TRY(const auto rows, of(kind::bypass_requested));
        for (const auto& row : rows) {
            auto& bypass = book_.bypasses.emplace_back();
            bypass.id = row.entry.bypass;
            bypass.row = row.link.sequence;
            bypass.documents.request = envelope_in(row.entry);
        }
        return {};
    }

    Result<void> on_each(std::string_view what,
                         const std::function<void(BookedBypass&, const AuditRow&)>& note) {
        TRY(const auto rows, of(what));
        for (const auto& row : rows) {
            for (auto& bypass : book_.bypasses) {
                if (bypass.id == row.entry.bypass) note(bypass, row);
            }
        }
        return {};
    }

    Result<void> debts() {
        TRY(const auto made, of(kind::debt));
        TRY(const auto cleared, of(kind::debt_cleared));
        for (const auto& row : made) {
            const bool gone = std::any_of(
                cleared.begin(), cleared.end(),
                [&row](const AuditRow& each) { return cleared_by(each) == row.link.sequence; });
            if (!gone) book_.debts.push_back(debt_of(row));
        }
        return {};
    }

    const ReadRows& rows_;
    const std::string& suite_;
    const std::string& environment_;
    BypassBook book_;
};

/// Who an approval says it is from; that the key says the same is looked at later.
std::string person_in(const std::string& approval) {
    const auto envelope = attest::decode_envelope(approval);
    if (!envelope.ok()) return {};
    const auto answer = attest::open_bypass_answer(attest::AnswerKind::approval, envelope.value());
    return answer.ok() ? answer.value().person : std::string();
}

}  // namespace

const BookedBypass* BypassBook::find(const std::string& id) const {
    const auto found = std::find_if(bypasses.begin(), bypasses.end(),
                                    [&id](const BookedBypass& each) { return each.id == id; });
    return found == bypasses.end() ? nullptr : &*found;
}

Result<BypassBook> read_book(const ReadRows& rows,
                             const std::string& suite,
                             const std::string& environment) {
    return Reading(rows, suite, environment).read();
}

attest::BypassStanding stand(const BookedBypass& bypass,
                             const BypassPeople& people,
                             const std::optional<attest::BypassWanted>& wanted,
                             base::WallTime now) {
    attest::BypassDocuments documents = bypass.documents;
    std::vector<std::string> notes;
    const auto may_not = [&people, &notes](const std::string& approval) {
        const auto person = person_in(approval);
        if (person.empty() || people.may_approve.count(person) > 0) return false;
        notes.push_back(person + " may not approve bypasses");
        return true;
    };
    auto& approvals = documents.approvals;
    approvals.erase(std::remove_if(approvals.begin(), approvals.end(), may_not), approvals.end());
    const std::uint64_t uses = bypass.used_by.size();
    auto standing = wanted ? attest::judge_bypass(documents, uses, people.policy, *wanted)
                           : attest::judge_bypass_anywhere(documents, uses, people.policy, now);
    standing.notes.insert(standing.notes.begin(), notes.begin(), notes.end());
    // Uses are counted by the id: the same document under another one would be used again.
    if (standing.request.id != bypass.id && standing.state != attest::BypassState::refused) {
        standing.state = attest::BypassState::refused;
        standing.reason =
            base::format("its signed request is that of bypass {}", standing.request.id);
        return standing;
    }
    const bool in_order = standing.state == attest::BypassState::covers ||
                          standing.state == attest::BypassState::pending;
    if (in_order && people.may_request.count(standing.request.requester) == 0) {
        standing.state = attest::BypassState::refused;
        standing.reason = standing.request.requester + " may not ask for bypasses";
    }
    return standing;
}

std::string content_of(const attest::Envelope& envelope) {
    return base::write_json({{"envelope", attest::encode(envelope)}});
}

std::string envelope_in(const ledger::AuditEntry& entry) {
    const auto content = base::parse_json(entry.content);
    return content.ok() ? base::text_or(content.value(), "envelope", "") : std::string();
}

}  // namespace weir::app

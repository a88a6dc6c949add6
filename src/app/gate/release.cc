#include "app/gate/release.h"

#include <utility>

#include "app/bypass/bypass_notices.h"
#include "app/bypass/people.h"
#include "app/bypass/use.h"
#include "app/gate/outbox.h"
#include "app/gate/signed_verdict.h"
#include "base/format.h"
#include "base/json.h"
#include "ledger/ledger.h"
#include "report/bypass_text.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using base::Result;
namespace kind = ledger::audit_kind;

/// One verdict on its way to the pipeline.
class Releasing {
public:
    Releasing(const ReleasePlan& plan, const GateAttempt& made, const ResultDirectory& directory)
        : plan_(plan),
          made_(made),
          directory_(directory),
          log_(plan.gate.request.log),
          outbox_(plan.results) {
        need_.wanted = {.suite = plan.gate.suite.name,
                        .environment = plan.gate.environment.name,
                        .commit = plan.deployment.commit,
                        .artefact = plan.deployment.artefact,
                        .now = {}};
        need_.run_id = made.record.run_id;
        need_.verdict = &made.verdict;
        released_.decision = gate::decide(made.verdict);
    }

    Released run() {
        read_keys();
        if (auto done = in_ledger(); !done.ok()) without_ledger(done.error());
        if (!envelope_.empty()) {
            if (auto kept = directory_.write("attestation.json", envelope_); !kept.ok()) {
                released_.notes.push_back("no statement: " + kept.error().text);
            }
        }
        return std::move(released_);
    }

private:
    void read_keys() {
        auto key = signing_key(plan_.gate.suite, plan_.config);
        if (!key.ok()) {
            released_.notes.push_back("no statement is signed: " + key.error().text);
        } else if (key.value()) {
            auto statement = statement_of(made_, plan_.gate, plan_.deployment, directory_);
            if (statement.ok()) {
                key_ = std::move(key).value();
                statement_ = std::move(statement).value();
            } else {
                released_.notes.push_back("no statement: " + statement.error().text);
            }
        }
        auto people = read_people(plan_.gate.suite.bypass, plan_.config);
        if (people.ok()) {
            people_ = std::move(people).value();
        } else {
            released_.notes.push_back("no bypass can be used: " + people.error().text);
        }
    }

    Result<void> in_ledger() {
        if (plan_.gate.suite.store.empty()) {
            return base::Error{base::Code::not_found, "[store] names none"};
        }
        TRY(auto opened, ledger::Ledger::open(plan_.gate.suite.store));
        const auto here = rt::SystemClock().wall();
        TRY_VOID(outbox_.deliver(opened, here, log_));
        // What a turn that fails found must not be believed.
        const Released before = released_;
        auto done = opened.audit(here, [this](ledger::AuditTurn& turn) { return take(turn); });
        if (!done.ok()) released_ = before;
        return done;
    }

    Result<void> take(ledger::AuditTurn& turn) {
        TRY(released_.cleared, clear_debts(turn, need_));
        BypassTaken taken;
        if (!released_.decision.allow && plan_.may_bypass && people_) {
            TRY(taken, use_bypass(turn, need_, *people_, plan_.gate.suite.bypass.refuse_in_debt));
        }
        released_.notes.insert(released_.notes.end(), taken.why_not.begin(), taken.why_not.end());
        released_.notices = taken.expired;
        released_.decision = gate::decide(made_.verdict, taken.used);
        released_.bypass = taken.used;
        const ReadRows rows = [&turn](const ledger::AuditFilter& filter) {
            return turn.rows(filter);
        };
        TRY(auto book, read_book(rows, need_.wanted.suite, need_.wanted.environment));
        released_.owed = std::move(book.debts);
        note_steps(turn.now());
        if (!key_) return {};
        attest::Statement statement = statement_;
        statement.ledger = turn.head();
        if (taken.used) note_bypass(statement, *taken.used, taken.debt);
        envelope_ = attest::encode(attest::seal(statement, *key_));
        TRY(const auto row, turn.append(attestation_row()));
        (void)row;
        return {};
    }

    void note_steps(base::WallTime now) {
        using notify::NoticeKind;
        for (const auto& each : released_.cleared) {
            released_.notices.push_back(notice_of(NoticeKind::debt_cleared, each, now));
        }
        if (!released_.bypass) return;
        report::BypassLine line;
        line.id = released_.bypass->id;
        line.suite = need_.wanted.suite;
        line.environment = need_.wanted.environment;
        line.commit = need_.wanted.commit;
        line.artefact = need_.wanted.artefact;
        line.requester = released_.bypass->requester;
        line.approvers = released_.bypass->approvers;
        line.reason = released_.bypass->reason;
        released_.notices.push_back(
            notice_of(NoticeKind::bypass_used, line,
                      base::format("the deployment goes on without a pass (run {}, {})",
                                   need_.run_id, record::word_of(made_.verdict.kind)),
                      now));
        if (!released_.owed.empty()) {
            released_.notices.push_back(notice_of(NoticeKind::debt, released_.owed.back(), now));
        }
    }

    static void note_bypass(attest::Statement& statement,
                            const gate::UsedBypass& used,
                            const std::vector<std::string>& debt) {
        statement.outcome = attest::Outcome::bypassed;
        statement.bypass = attest::BypassUse{
            .id = used.id, .request_sha256 = used.request_sha256, .use = used.use, .debt = debt};
    }

    [[nodiscard]] ledger::AuditEntry attestation_row() const {
        auto entry = entry_about(need_.wanted, kind::attestation);
        entry.run_id = need_.run_id;
        if (released_.bypass) entry.bypass = released_.bypass->id;
        entry.content = base::write_json({{"envelope", envelope_}});
        return entry;
    }

    /// The verdict stands; what should have become a row waits.
    void without_ledger(const base::Error& error) {
        const bool none = plan_.gate.suite.store.empty();
        if (!released_.decision.allow && people_ && !people_->policy.people.empty()) {
            released_.notes.push_back("no bypass can be used without the store: " + error.text);
        }
        envelope_.clear();
        if (!key_) return;
        envelope_ = attest::encode(attest::seal(statement_, *key_));
        if (none) return;
        released_.notes.push_back("the statement's row waits until the store is there: " +
                                  error.text);
        if (auto kept = outbox_.keep(need_.run_id, {attestation_row()}); !kept.ok()) {
            released_.notes.push_back("nor can the row wait: " + kept.error().text);
        }
    }

    const ReleasePlan& plan_;
    const GateAttempt& made_;
    const ResultDirectory& directory_;
    const base::Log& log_;
    Outbox outbox_;
    BypassNeed need_;
    std::optional<attest::PrivateKey> key_;
    attest::Statement statement_;  // without ledger and bypass
    std::optional<BypassPeople> people_;
    std::string envelope_;
    Released released_;
};

}  // namespace

Released release(const ReleasePlan& plan,
                 const GateAttempt& made,
                 const ResultDirectory& directory) {
    return Releasing(plan, made, directory).run();
}

std::string released_text(const Released& released) {
    std::string text;
    if (released.bypass) {
        text += base::format("bypass    {} (use {}): {}\n", released.bypass->id,
                             released.bypass->use, released.bypass->reason);
    }
    for (const auto& each : released.cleared) text += "cleared   " + report::debt_text(each) + "\n";
    for (const auto& each : released.owed) text += "owed      " + report::debt_text(each) + "\n";
    for (const auto& each : released.notes) text += "note      " + each + "\n";
    return text;
}

}  // namespace weir::app

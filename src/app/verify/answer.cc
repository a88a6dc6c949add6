// How `weir verify` comes to its answer, within one turn at the ledger.
#include <filesystem>
#include <optional>
#include <utility>

#include "app/bypass/book.h"
#include "app/bypass/bypass_notices.h"
#include "app/bypass/use.h"
#include "app/gate/outbox.h"
#include "app/terminal.h"
#include "app/verify/question.h"
#include "base/format.h"
#include "base/json.h"
#include "ledger/ledger.h"

namespace weir::app {
namespace {

using attest::Admission;
using attest::BypassState;
using base::Result;
using ledger::AuditRow;
namespace kind = ledger::audit_kind;

/// To ask a store that is not there would make one: empty, and of no use as a witness.
Result<ledger::Ledger> open_store(const std::string& url) {
    if (url.empty()) return base::Error{base::Code::not_found, "[store] names none"};
    std::string_view path = url;
    constexpr std::string_view scheme = "sqlite:";
    if (path.starts_with(scheme)) path.remove_prefix(scheme.size());
    std::error_code ignored;
    if (path.find("://") == std::string_view::npos && !std::filesystem::exists(path, ignored)) {
        return base::Error{base::Code::not_found, base::format("there is no store {}", path)};
    }
    return ledger::Ledger::open(url);
}

/// The digest of the statement that an admission's row is about.
std::string digest_in(const AuditRow& row) {
    const auto content = base::parse_json(row.entry.content);
    return content.ok() ? base::text_or(content.value(), "statement", "") : std::string();
}

/// Why a bypass that a gate used no longer holds, if it does not. That all its uses are taken is
/// as it should be: one of them is the one in question.
std::optional<std::string> withdrawal(const BypassBook& book,
                                      const BypassPeople& people,
                                      const attest::BypassUse& use,
                                      base::WallTime now) {
    const auto* bypass = book.find(use.id);
    if (bypass == nullptr) return "the store has no such bypass";
    const auto standing = stand(*bypass, people, std::nullopt, now);
    if (standing.request_sha256 != use.request_sha256) return "its request is another one";
    if (standing.covers() || standing.state == BypassState::used_up) return std::nullopt;
    return standing.reason;
}

Result<attest::LedgerView> view_of(const ReadRows& read,
                                   const VerifyQuestion& question,
                                   base::WallTime now) {
    TRY(const auto rows, read({}));
    TRY(const auto book, read_book(read, question.suite.name, question.wanted.environment));
    attest::LedgerView view;
    for (const auto& row : rows) {
        view.chain.push_back({row.link.sequence, row.link.hash});
        if (row.entry.kind == kind::admission && !digest_in(row).empty()) {
            view.admitted[digest_in(row)] = row.link.at.substr(0, 19) + "Z";
        }
        if (row.entry.kind != kind::attestation) continue;
        view.statements.push_back(
            {envelope_in(row.entry), row.link.sequence, base::format("row {}", row.link.sequence)});
        const auto envelope = attest::decode_envelope(view.statements.back().envelope);
        if (!envelope.ok()) continue;
        const auto statement = attest::open_statement(envelope.value());
        if (!statement.ok() || !statement.value().bypass) continue;
        const auto& use = *statement.value().bypass;
        if (auto why = withdrawal(book, question.people, use, now)) view.withdrawn[use.id] = *why;
    }
    return view;
}

/// What a gate found, as a verdict: what a bypass lets through becomes its debt.
record::Verdict verdict_in(const std::optional<attest::Statement>& statement) {
    record::Verdict verdict;
    if (!statement) {
        verdict.reasons = {"there is no verdict"};
        return verdict;
    }
    verdict.kind = statement->outcome == attest::Outcome::invalid ? record::VerdictKind::invalid
                                                                  : record::VerdictKind::fail;
    verdict.reasons = statement->reasons;
    verdict.findings = statement->conditions;
    verdict.signals = statement->signals;
    return verdict;
}

/// One question at a ledger that can be written.
class Answering {
public:
    Answering(const VerifyQuestion& question, ledger::AuditTurn& turn)
        : question_(question), turn_(turn), wanted_(question.wanted) {
        wanted_.now = turn.now();
    }

    Result<VerifyAnswer> answer() {
        TRY(const auto broken, turn_.first_broken());
        if (broken) {
            answer_.admission.reason = base::format(
                "nothing is admitted while the ledger is broken: {} (weir ledger "
                "verify)",
                broken->words);
            return answer_;
        }
        const ReadRows read = [this](const ledger::AuditFilter& filter) {
            return turn_.rows(filter);
        };
        TRY(const auto view, view_of(read, question_, wanted_.now));
        answer_.admission = attest::admit(wanted_, question_.presented, question_.trusted, &view);
        const auto& admission = answer_.admission;
        if (admission.admitted) {
            if (admission.statement->bypass) answer_.bypass = admission.statement->bypass->id;
        } else if (question_.presented.empty() || admission.statement) {
            // A file that cannot be believed is no case for a bypass.
            TRY_VOID(try_bypass());
        }
        TRY_VOID(write_down());
        return answer_;
    }

private:
    [[nodiscard]] attest::BypassWanted what() const {
        attest::BypassWanted what{.suite = wanted_.suite,
                                  .environment = wanted_.environment,
                                  .commit = wanted_.commit,
                                  .artefact = wanted_.artefact,
                                  .now = wanted_.now};
        const auto& statement = answer_.admission.statement;
        if (what.commit.empty() && statement) what.commit = statement->commit;
        return what;
    }

    Result<void> try_bypass() {
        auto& admission = answer_.admission;
        if (!question_.no_bypass.empty()) {
            admission.notes.push_back("no bypass can be used: " + question_.no_bypass);
        }
        if (question_.trusted.empty() || question_.people.policy.people.empty()) return {};
        const auto verdict = verdict_in(admission.statement);
        const BypassNeed need{.wanted = what(),
                              .run_id = admission.statement ? admission.statement->run_id : "",
                              .verdict = &verdict};
        TRY(const auto taken,
            use_bypass(turn_, need, question_.people, question_.suite.bypass.refuse_in_debt));
        answer_.notices = taken.expired;
        if (!taken.used) {
            for (const auto& each : taken.why_not) admission.reason += "; " + each;
            return {};
        }
        const auto& used = *taken.used;
        answer_.bypass = used.id;
        admission.admitted = true;
        std::string who;
        for (const auto& each : used.approvers) who += (who.empty() ? "" : " and ") + each;
        admission.reason = base::format(
            "bypass {} lets {} through once: asked for by {}, approved by {}, for: {}; without it: "
            "{}",
            used.id, wanted_.artefact.empty() ? "this commit" : "this artefact", used.requester,
            who, used.reason, admission.reason);
        answer_.notices.push_back(notice_about(used));
        return {};
    }

    [[nodiscard]] notify::Notice notice_about(const gate::UsedBypass& used) const {
        report::BypassLine line;
        line.id = used.id;
        line.suite = wanted_.suite;
        line.environment = wanted_.environment;
        line.commit = what().commit;
        line.artefact = wanted_.artefact;
        line.requester = used.requester;
        line.approvers = used.approvers;
        line.reason = used.reason;
        return notice_of(notify::NoticeKind::bypass_used, line,
                         "a deployment is admitted without a pass", wanted_.now);
    }

    Result<void> write_down() {
        const auto& admission = answer_.admission;
        auto entry =
            entry_about(what(), admission.admitted ? kind::admission : kind::admission_refused);
        entry.bypass = answer_.bypass;
        if (admission.statement) entry.run_id = admission.statement->run_id;
        base::Json content{{"reason", admission.reason}};
        if (!admission.digest.empty()) content["statement"] = admission.digest;
        entry.content = base::write_json(content);
        TRY(const auto row, turn_.append(entry));
        (void)row;
        return {};
    }

    const VerifyQuestion& question_;
    ledger::AuditTurn& turn_;
    attest::AdmissionWanted wanted_;
    VerifyAnswer answer_;
};

/// With a store that can only be read: nobody would count a bypass.
Result<VerifyAnswer> answer_reading(const VerifyQuestion& question,
                                    ledger::Ledger& opened,
                                    const std::string& why) {
    VerifyAnswer answer;
    TRY(const auto broken, opened.first_broken());
    if (broken) {
        answer.admission.reason = base::format(
            "nothing is admitted while the ledger is broken: {} "
            "(weir ledger verify)",
            broken->words);
        return answer;
    }
    const ReadRows read = [&opened](const ledger::AuditFilter& filter) {
        return opened.audit_rows(filter);
    };
    TRY(const auto view, view_of(read, question, question.wanted.now));
    answer.admission = attest::admit(question.wanted, question.presented, question.trusted, &view);
    auto& admission = answer.admission;
    if (admission.admitted && admission.statement->bypass) {
        admission.admitted = false;
        admission.reason = "a bypass is not admitted when its use cannot be written down: " + why;
    }
    admission.warnings.push_back("the answer is not in the ledger: " + why);
    return answer;
}

/// Of files alone.
VerifyAnswer answer_without(const VerifyQuestion& question, const std::string& why) {
    VerifyAnswer answer;
    if (question.require_store) {
        answer.admission.reason = "the store cannot be asked: " + why;
        return answer;
    }
    if (question.presented.empty()) {
        answer.admission.reason = base::format(
            "there is nothing to go by: the store cannot be asked ({}), and no --attestation was "
            "given",
            why);
        return answer;
    }
    answer.admission =
        attest::admit(question.wanted, question.presented, question.trusted, nullptr);
    answer.admission.warnings.push_back("the store cannot be asked: " + why);
    return answer;
}

}  // namespace

VerifyAnswer answer(const VerifyQuestion& question, base::WallTime here) {
    auto opened = open_store(question.suite.store);
    if (!opened.ok()) return answer_without(question, opened.error().text);
    // What waits there may say otherwise than what is in the store.
    const auto log = terminal_log({}, base::Level::warn);
    if (auto done = Outbox(question.suite.results).deliver(opened.value(), here, log); !done.ok()) {
        log.warn("rows still wait for the store: " + done.error().text);
    }
    VerifyAnswer found;
    const auto done = opened.value().audit(here, [&](ledger::AuditTurn& turn) -> Result<void> {
        TRY(found, Answering(question, turn).answer());
        return {};
    });
    if (done.ok()) return found;
    auto read = answer_reading(question, opened.value(), done.error().text);
    return read.ok() ? std::move(read).value() : answer_without(question, read.error().text);
}

}  // namespace weir::app

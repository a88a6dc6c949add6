// `weir bypass approve` and `weir bypass revoke`: somebody answers a request, with their signature.
#include <algorithm>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/bypass/bypass_notices.h"
#include "app/bypass/desk.h"
#include "app/bypass/use.h"
#include "app/command_line.h"
#include "app/terminal.h"
#include "base/format.h"

namespace weir::app {
namespace {

using attest::AnswerKind;
using attest::BypassState;
using base::Result;
using gate::ExitCode;
namespace kind = ledger::audit_kind;

struct AnswerFlags {
    DeskFlags desk;
    SignerFlags signer;
    std::string id;
    std::string comment;
};

class Answering {
public:
    Answering(AnswerKind what,
              const AnswerFlags& flags,
              const BypassDesk& desk,
              Result<Signer> signer)
        : what_(what), flags_(flags), desk_(desk), signer_(std::move(signer)) {}

    Result<DeskOutcome> answer(ledger::AuditTurn& turn) {
        TRY(const auto book, book_of(desk_, turn));
        const auto* found = book.find(flags_.id);
        about_.suite = desk_.suite.name;
        about_.environment = desk_.environment;
        about_.bypass = flags_.id;
        if (found == nullptr) {
            return no(turn, base::format("there is no bypass {} for {} on {}", flags_.id,
                                         desk_.suite.name, desk_.environment));
        }
        BookedBypass bypass = *found;
        const auto before = stand(bypass, desk_.people, {}, turn.now());
        about_.commit = before.request.commit;
        if (!before.request.artefact.empty()) about_.subject = "sha256:" + before.request.artefact;
        if (!signer_.ok()) return no(turn, signer_.error().text);
        return what_ == AnswerKind::approval ? approve(turn, bypass, before)
                                             : revoke(turn, bypass, before);
    }

private:
    Result<DeskOutcome> approve(ledger::AuditTurn& turn,
                                BookedBypass& bypass,
                                const attest::BypassStanding& before) {
        const auto& name = signer_.value().name;
        if (desk_.people.may_approve.count(name) == 0) {
            return no(turn, name + " may not approve bypasses");
        }
        if (before.state != BypassState::pending && !before.covers()) {
            return no(turn, base::format("bypass {}: {}", bypass.id, before.reason));
        }
        if (std::count(before.approvers.begin(), before.approvers.end(), name) > 0) {
            const auto line = line_of(bypass, before);
            return DeskOutcome{ExitCode::ok, flags_.desk.json ? report::bypass_json(line)
                                                              : report::bypass_text(line)};
        }
        const auto envelope = signed_answer(before, turn.now());
        bypass.documents.approvals.push_back(attest::encode(envelope));
        const auto after = stand(bypass, desk_.people, {}, turn.now());
        if (std::count(after.approvers.begin(), after.approvers.end(), name) == 0) {
            return no(turn, why_it_does_not_count(before, after));
        }
        return write(turn, kind::bypass_approved, envelope, bypass);
    }

    /// The judge's note on this answer: the one that was not there before.
    [[nodiscard]] std::string why_it_does_not_count(const attest::BypassStanding& before,
                                                    const attest::BypassStanding& after) const {
        if (before.request.requester == signer_.value().name) {
            return signer_.value().name + " asked for it: somebody else has to approve";
        }
        for (const auto& note : after.notes) {
            if (std::count(before.notes.begin(), before.notes.end(), note) == 0) return note;
        }
        return after.reason;
    }

    Result<DeskOutcome> revoke(ledger::AuditTurn& turn,
                               BookedBypass& bypass,
                               const attest::BypassStanding& before) {
        if (before.state == BypassState::revoked) {
            return no(turn, base::format("bypass {}: {}", bypass.id, before.reason));
        }
        const auto envelope = signed_answer(before, turn.now());
        bypass.documents.revocations.push_back(attest::encode(envelope));
        return write(turn, kind::bypass_revoked, envelope, bypass);
    }

    [[nodiscard]] attest::Envelope signed_answer(const attest::BypassStanding& before,
                                                 base::WallTime now) const {
        const attest::BypassAnswer answer{.request_id = flags_.id,
                                          .request_sha256 = before.request_sha256,
                                          .person = signer_.value().name,
                                          .at = now,
                                          .comment = flags_.comment};
        return attest::seal(what_, answer, signer_.value().key);
    }

    Result<DeskOutcome> no(ledger::AuditTurn& turn, const std::string& why) const {
        const auto& who = signer_.ok() ? signer_.value().name : flags_.signer.as;
        return refuse(turn, about_, what_ == AnswerKind::approval ? "approval" : "revocation", who,
                      why);
    }

    Result<DeskOutcome> write(ledger::AuditTurn& turn,
                              std::string_view as,
                              const attest::Envelope& envelope,
                              const BookedBypass& bypass) {
        about_.kind = std::string(as);
        about_.content = content_of(envelope);
        TRY(const auto row, turn.append(about_));
        (void)row;
        const auto line = line_of(bypass, stand(bypass, desk_.people, {}, turn.now()));
        const bool approval = what_ == AnswerKind::approval;
        const auto kind_of =
            approval ? notify::NoticeKind::bypass_approved : notify::NoticeKind::bypass_revoked;
        return DeskOutcome{
            ExitCode::ok,
            flags_.desk.json ? report::bypass_json(line) : report::bypass_text(line),
            {notice_of(kind_of, line,
                       (approval ? "approved by " : "revoked by ") + signer_.value().name,
                       turn.now())}};
    }

    AnswerKind what_;
    const AnswerFlags& flags_;
    const BypassDesk& desk_;
    Result<Signer> signer_;
    ledger::AuditEntry about_;
};

std::optional<ExitCode> parse(AnswerKind what,
                              const std::vector<std::string>& arguments,
                              AnswerFlags& flags) {
    const bool approval = what == AnswerKind::approval;
    CLI::App app(approval ? "Allow a bypass that somebody else asked for." : "Take a bypass back.",
                 approval ? "weir bypass approve" : "weir bypass revoke");
    app.add_option("id", flags.id, "the bypass, as weir bypass list shows it")->required();
    flags.desk.add_to(app);
    flags.signer.add_to(app);
    app.add_option("--comment,--reason", flags.comment, "kept with the answer");
    return read_arguments(app, arguments);
}

ExitCode answer(AnswerKind what, const std::vector<std::string>& arguments) {
    AnswerFlags flags;
    if (const auto early = parse(what, arguments, flags)) return *early;
    auto desk = open_desk(flags.desk);
    if (!desk.ok()) return desk_error(desk.error());
    bool refused = false;
    auto signer = read_signer(desk.value().people, flags.signer.as, flags.signer.key, refused);
    if (!signer.ok() && !refused) {
        print_error("error: " + signer.error().text + "\n");
        return ExitCode::usage;
    }
    Answering answering(what, flags, desk.value(), std::move(signer));
    return at_desk(desk.value(), [&](ledger::AuditTurn& turn) { return answering.answer(turn); });
}

}  // namespace

ExitCode bypass_approve(const std::vector<std::string>& arguments) {
    return answer(AnswerKind::approval, arguments);
}

ExitCode bypass_revoke(const std::vector<std::string>& arguments) {
    return answer(AnswerKind::revocation, arguments);
}

}  // namespace weir::app

// `weir bypass request`: somebody asks; what they say is checked, signed and written down.
#include <utility>

#include <CLI/CLI.hpp>

#include "app/bypass/bypass_notices.h"
#include "app/bypass/desk.h"
#include "app/bypass/use.h"
#include "app/command_line.h"
#include "app/history/remember.h"
#include "app/terminal.h"
#include "attest/digest.h"
#include "base/format.h"
#include "base/random.h"
#include "base/units.h"
#include "record/wall_text.h"

namespace weir::app {
namespace {

using attest::BypassState;
using base::Result;
using gate::ExitCode;
namespace kind = ledger::audit_kind;

struct RequestFlags {
    DeskFlags desk;
    SignerFlags signer;
    attest::BypassRequest wanted;
    std::string valid_for;
    base::Nanos valid_for_time{};  // zero: the configuration's
    std::uint64_t uses = 0;        // 0: the configuration's
};

Result<void> understand(RequestFlags& flags) {
    if (!flags.valid_for.empty()) {
        auto parsed = base::parse_duration(flags.valid_for);
        if (!parsed.ok()) return base::within("--valid-for", parsed.error());
        flags.valid_for_time = parsed.value();
    }
    if (auto& artefact = flags.wanted.artefact; !artefact.empty()) {
        auto digest = attest::read_sha256(artefact);
        if (!digest.ok()) return base::within("--subject", digest.error());
        artefact = std::move(digest).value();
    }
    return {};
}

std::optional<ExitCode> parse(const std::vector<std::string>& arguments, RequestFlags& flags) {
    CLI::App app("Ask for a bypass.", "weir bypass request");
    flags.desk.add_to(app);
    flags.signer.add_to(app);
    app.add_option("--reason", flags.wanted.reason, "why the deployment cannot wait for a pass");
    app.add_option("--incident", flags.wanted.incident, "number or link of the incident");
    app.add_option("--impact", flags.wanted.impact, "what users suffer until it is deployed");
    app.add_option("--commit", flags.wanted.commit, "commit that is to be deployed");
    app.add_option("--subject", flags.wanted.artefact, "sha256:HEX of what is to be deployed");
    app.add_option("--valid-for", flags.valid_for, "less than the configuration allows, as 30m");
    app.add_option("--uses", flags.uses, "fewer than the configuration allows")
        ->check(CLI::PositiveNumber);
    if (const auto early = read_arguments(app, arguments)) return early;
    if (auto understood = understand(flags); !understood.ok()) {
        print_error("error: " + understood.error().text + "\n");
        return ExitCode::usage;
    }
    return std::nullopt;
}

/// "b-20261124-9f86d081"
std::string new_id(base::WallTime now) {
    std::string day;
    for (const char c : record::to_text(now).substr(0, 10)) {
        if (c != '-') day += c;
    }
    return base::format("b-{}-{:08x}", day, base::entropy() >> 32U);
}

class Requesting {
public:
    Requesting(const RequestFlags& flags, const BypassDesk& desk, Result<Signer> signer)
        : flags_(flags), desk_(desk), signer_(std::move(signer)), request_(flags.wanted) {
        request_.suite = desk.suite.name;
        request_.environment = desk.environment;
    }

    Result<DeskOutcome> ask(ledger::AuditTurn& turn) {
        const auto& rule = desk_.suite.bypass;
        request_.id = new_id(turn.now());
        request_.created = turn.now();
        request_.expires =
            turn.now() +
            (flags_.valid_for_time > base::Nanos{} ? flags_.valid_for_time : rule.valid_for);
        request_.uses = flags_.uses > 0 ? flags_.uses : rule.uses;
        if (!signer_.ok()) return no(turn, signer_.error().text);
        request_.requester = signer_.value().name;
        if (desk_.people.may_request.count(request_.requester) == 0) {
            return no(turn, request_.requester + " may not ask for bypasses");
        }
        const auto sealed = attest::seal(request_, signer_.value().key);
        if (!sealed.ok()) return no(turn, sealed.error().text);
        TRY(const auto book, book_of(desk_, turn));
        if (rule.refuse_in_debt && !book.debts.empty()) {
            return no(turn, "no further bypass while there is a " +
                                report::debt_text(book.debts.front()));
        }
        BookedBypass bypass;
        bypass.id = request_.id;
        bypass.documents.request = attest::encode(sealed.value());
        const auto standing = stand(bypass, desk_.people, {}, turn.now());
        if (standing.state != BypassState::pending && !standing.covers()) {
            return no(turn, standing.reason);
        }
        auto entry = about();
        entry.kind = std::string(kind::bypass_requested);
        entry.content = content_of(sealed.value());
        TRY(const auto row, turn.append(entry));
        (void)row;
        return asked(bypass, standing, turn.now());
    }

private:
    [[nodiscard]] ledger::AuditEntry about() const {
        auto entry = entry_about({.suite = request_.suite,
                                  .environment = request_.environment,
                                  .commit = request_.commit,
                                  .artefact = request_.artefact,
                                  .now = {}},
                                 "");
        entry.bypass = request_.id;
        return entry;
    }

    Result<DeskOutcome> no(ledger::AuditTurn& turn, const std::string& why) const {
        const auto& who = signer_.ok() ? signer_.value().name : flags_.signer.as;
        return refuse(turn, about(), "request", who, why);
    }

    [[nodiscard]] DeskOutcome asked(const BookedBypass& bypass,
                                    const attest::BypassStanding& standing,
                                    base::WallTime now) const {
        const auto line = line_of(bypass, standing);
        DeskOutcome outcome;
        outcome.text = flags_.desk.json
                           ? report::bypass_json(line)
                           : report::bypass_text(line) +
                                 base::format(
                                     "\nSomebody else than {} allows it:\n  weir bypass approve {} "
                                     "--env {} --as NAME --key FILE\n",
                                     request_.requester, request_.id, request_.environment);
        outcome.notices = {notice_of(notify::NoticeKind::bypass_requested, line,
                                     "asked for by " + request_.requester, now)};
        return outcome;
    }

    const RequestFlags& flags_;
    const BypassDesk& desk_;
    Result<Signer> signer_;
    attest::BypassRequest request_;
};

}  // namespace

ExitCode bypass_request(const std::vector<std::string>& arguments) {
    RequestFlags flags;
    if (const auto early = parse(arguments, flags)) return *early;
    auto desk = open_desk(flags.desk);
    if (!desk.ok()) return desk_error(desk.error());
    bool refused = false;
    auto signer = read_signer(desk.value().people, flags.signer.as, flags.signer.key, refused);
    if (!signer.ok() && !refused) {
        print_error("error: " + signer.error().text + "\n");
        return ExitCode::usage;
    }
    Requesting requesting(flags, desk.value(), std::move(signer));
    return at_desk(desk.value(), [&](ledger::AuditTurn& turn) { return requesting.ask(turn); });
}

}  // namespace weir::app

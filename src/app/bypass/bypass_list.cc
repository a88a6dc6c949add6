// `weir bypass list` and `weir bypass verify`: what there is, and whether it is valid now.
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/bypass/desk.h"
#include "app/bypass/use.h"
#include "app/command_line.h"
#include "app/terminal.h"
#include "attest/digest.h"
#include "base/format.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using attest::BypassState;
using base::Result;
using gate::ExitCode;

struct Looked {
    BypassBook book;
    base::WallTime now{};
    std::vector<notify::Notice> expired;  // to be told once the command has answered
};

/// In a turn, so that what expired is noted; who may only read sees the same without.
Result<Looked> look(BypassDesk& desk) {
    Looked looked;
    const auto here = rt::SystemClock().wall();
    const auto done = desk.ledger.audit(here, [&](ledger::AuditTurn& turn) -> Result<void> {
        looked.now = turn.now();
        TRY(looked.book, book_of(desk, turn));
        TRY(looked.expired, note_expiries(turn, looked.book, desk.people));
        return {};
    });
    if (done.ok()) return looked;
    looked.now = here;
    looked.expired.clear();
    TRY(looked.book,
        read_book(
            [&desk](const ledger::AuditFilter& filter) { return desk.ledger.audit_rows(filter); },
            desk.suite.name, desk.environment));
    return looked;
}

bool is_open(BypassState state) {
    return state == BypassState::pending || state == BypassState::covers;
}

struct VerifyFlags {
    DeskFlags desk;
    std::string id;
    std::string commit;
    std::string artefact;
};

/// Why a bypass that is in order would not be used now; empty: it would be.
std::string obstacle(const BypassDesk& desk, const BypassBook& book) {
    if (!desk.suite.bypass.refuse_in_debt || book.debts.empty()) return {};
    return "no further bypass while there is a " + report::debt_text(book.debts.front());
}

ExitCode say_standing(const VerifyFlags& flags, BypassDesk& desk, const Looked& looked) {
    const auto* bypass = looked.book.find(flags.id);
    if (bypass == nullptr) {
        print_error(base::format("refused: there is no bypass {} for {} on {}\n", flags.id,
                                 desk.suite.name, desk.environment));
        return ExitCode::refused;
    }
    std::optional<attest::BypassWanted> wanted;
    if (!flags.commit.empty() || !flags.artefact.empty()) {
        wanted = attest::BypassWanted{.suite = desk.suite.name,
                                      .environment = desk.environment,
                                      .commit = flags.commit,
                                      .artefact = flags.artefact,
                                      .now = looked.now};
    }
    auto standing = stand(*bypass, desk.people, wanted, looked.now);
    const auto broken = desk.ledger.first_broken();
    auto why_not = broken.ok() ? obstacle(desk, looked.book) : broken.error().text;
    if (broken.ok() && broken.value()) why_not = "the ledger is broken: " + broken.value()->words;
    if (standing.covers() && !why_not.empty()) {
        standing.state = BypassState::refused;
        standing.reason = why_not;
    }
    const auto line = line_of(*bypass, standing);
    print(flags.desk.json ? report::bypass_json(line) : report::bypass_text(line));
    return standing.covers() ? ExitCode::ok : ExitCode::refused;
}

}  // namespace

ExitCode bypass_list(const std::vector<std::string>& arguments) {
    DeskFlags flags;
    bool all = false;
    CLI::App app("Show bypasses and debts.", "weir bypass list");
    flags.add_to(app);
    app.add_flag("--all", all, "also those that were used, expired, were revoked or refused");
    if (const auto early = read_arguments(app, arguments)) return *early;
    auto desk = open_desk(flags);
    if (!desk.ok()) return desk_error(desk.error());
    const auto looked = look(desk.value());
    if (!looked.ok()) {
        print_error("error: " + looked.error().text + "\n");
        return ExitCode::gate_error;
    }
    std::vector<report::BypassLine> lines;
    for (const auto& each : looked.value().book.bypasses) {
        const auto standing = stand(each, desk.value().people, {}, looked.value().now);
        if (all || is_open(standing.state)) lines.push_back(line_of(each, standing));
    }
    const auto& debts = looked.value().book.debts;
    print(flags.json ? report::bypasses_json(lines, debts) : report::bypasses_text(lines, debts));
    tell(desk.value(), looked.value().expired);
    return ExitCode::ok;
}

ExitCode bypass_verify(const std::vector<std::string>& arguments) {
    VerifyFlags flags;
    CLI::App app("Say whether a bypass is valid now, and why not.", "weir bypass verify");
    app.add_option("id", flags.id, "the bypass, as weir bypass list shows it")->required();
    flags.desk.add_to(app);
    app.add_option("--commit", flags.commit, "valid for this commit");
    app.add_option("--subject", flags.artefact, "valid for this artefact, sha256:HEX");
    if (const auto early = read_arguments(app, arguments)) return *early;
    if (!flags.artefact.empty()) {
        auto digest = attest::read_sha256(flags.artefact);
        if (!digest.ok()) {
            print_error("error: " + base::within("--subject", digest.error()).text + "\n");
            return ExitCode::usage;
        }
        flags.artefact = std::move(digest).value();
    }
    auto desk = open_desk(flags.desk);
    if (!desk.ok()) return desk_error(desk.error());
    const auto looked = look(desk.value());
    if (!looked.ok()) {
        print_error("error: " + looked.error().text + "\n");
        return ExitCode::gate_error;
    }
    const ExitCode code = say_standing(flags, desk.value(), looked.value());
    tell(desk.value(), looked.value().expired);
    return code;
}

}  // namespace weir::app

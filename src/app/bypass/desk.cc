#include "app/bypass/desk.h"

#include <utility>

#include <CLI/CLI.hpp>

#include "app/bypass/bypass_notices.h"
#include "app/bypass/use.h"
#include "app/gate/outbox.h"
#include "app/notify/notices.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/json.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using attest::BypassState;
using base::Result;
using gate::ExitCode;

/// Words for people: "covers" is the judge's.
std::string state_text(BypassState state) {
    return std::string(state == BypassState::covers ? "valid" : attest::word_of(state));
}

Result<std::string> environment_of(const plan::Suite& suite, const DeskFlags& flags) {
    if (flags.environment.empty()) {
        return suite.environments.empty() ? std::string() : suite.environments.front().name;
    }
    if (suite.find_environment(flags.environment) != nullptr) return flags.environment;
    return base::Error{base::Code::invalid,
                       base::format("{} has no environment '{}'", flags.config, flags.environment)};
}

}  // namespace

void DeskFlags::add_to(CLI::App& app) {
    app.add_option("-c,--config", config, "configuration that names suite, people and store")
        ->capture_default_str();
    app.add_option("--store", store, "sqlite:PATH or postgresql://…, over the configuration's")
        ->envname("WEIR_STORE");
    app.add_option("--env", environment, "environment of the configuration; the first by default");
    app.add_flag("--json", json, "as a JSON document");
}

void SignerFlags::add_to(CLI::App& app) {
    app.add_option("--as", as, "who signs, as bypass.person has it; by default whose key it is");
    key = "env:WEIR_KEY";
    app.add_option("--key", key, "private key: a file, or env:NAME")->capture_default_str();
}

Result<BypassDesk> open_desk(const DeskFlags& flags) {
    TRY(const auto text, read_file(flags.config));
    TRY(auto suite, plan::parse_suite(text, flags.config));
    if (!flags.store.empty()) suite.store = flags.store;
    TRY(auto environment, environment_of(suite, flags));
    if (suite.bypass.people.empty()) {
        return base::Error{base::Code::invalid,
                           base::format("{} lets nobody bypass: add [[bypass.person]] with name "
                                        "and key for those who may ask and approve",
                                        flags.config)};
    }
    TRY(auto people, read_people(suite.bypass, flags.config));
    if (suite.store.empty()) {
        return base::Error{base::Code::invalid,
                           flags.config +
                               " keeps no ledger: its store.url is empty, and a bypass is nothing "
                               "without"};
    }
    auto opened = ledger::Ledger::open(suite.store);
    if (!opened.ok()) return base::Error{base::Code::io, opened.error().text};
    const auto log = terminal_log({}, base::Level::warn);
    TRY_VOID(Outbox(suite.results).deliver(opened.value(), rt::SystemClock().wall(), log));
    return BypassDesk{flags.config, std::move(suite), std::move(environment), std::move(people),
                      std::move(opened).value()};
}

ExitCode desk_error(const base::Error& error) {
    print_error("error: " + error.text + "\n");
    return error.code == base::Code::io ? ExitCode::gate_error : ExitCode::usage;
}

Result<DeskOutcome> refuse(ledger::AuditTurn& turn,
                           ledger::AuditEntry about,
                           const std::string& what,
                           const std::string& who,
                           const std::string& why) {
    about.kind = std::string(ledger::audit_kind::bypass_refused);
    about.content = base::write_json({{"what", what}, {"who", who}, {"why", why}});
    TRY(const auto row, turn.append(about));
    (void)row;
    report::BypassLine line;
    line.id = about.bypass;
    line.suite = about.suite;
    line.environment = about.environment;
    line.commit = about.commit;
    return DeskOutcome{
        ExitCode::refused,
        base::format("refused: {}\n", why),
        {notice_of(notify::NoticeKind::bypass_refused, line,
                   base::format("{} by {} refused: {}", what, who.empty() ? "somebody" : who, why),
                   turn.now())}};
}

void tell(const BypassDesk& desk, const std::vector<notify::Notice>& told) {
    if (told.empty()) return;
    Notices notices(desk.suite, desk.config, terminal_log({}, base::Level::warn));
    for (const auto& each : told) notices.send(each);
}

ExitCode at_desk(BypassDesk& desk, const DeskWork& work) {
    DeskOutcome outcome;
    const auto done =
        desk.ledger.audit(rt::SystemClock().wall(), [&](ledger::AuditTurn& turn) -> Result<void> {
            TRY(const auto book, book_of(desk, turn));
            TRY(const auto expired, note_expiries(turn, book, desk.people));
            TRY(outcome, work(turn));
            outcome.notices.insert(outcome.notices.begin(), expired.begin(), expired.end());
            return {};
        });
    if (!done.ok()) {
        print_error("error: " + done.error().text + "\n");
        return ExitCode::gate_error;
    }
    outcome.code == ExitCode::refused ? print_error(outcome.text) : print(outcome.text);
    tell(desk, outcome.notices);
    return outcome.code;
}

Result<BypassBook> book_of(const BypassDesk& desk, ledger::AuditTurn& turn) {
    return read_book([&turn](const ledger::AuditFilter& filter) { return turn.rows(filter); },
                     desk.suite.name, desk.environment);
}

report::BypassLine line_of(const BookedBypass& bypass, const attest::BypassStanding& standing) {
    const auto& request = standing.request;
    return {.id = bypass.id,
            .state = state_text(standing.state),
            .words = standing.reason,
            .suite = request.suite,
            .environment = request.environment,
            .commit = request.commit,
            .artefact = request.artefact,
            .requester = request.requester,
            .approvers = standing.approvers,
            .reason = request.reason,
            .incident = request.incident,
            .impact = request.impact,
            .created = request.created,
            .expires = request.expires,
            .uses = request.uses,
            .used_by = bypass.used_by,
            .notes = standing.notes};
}

}  // namespace weir::app

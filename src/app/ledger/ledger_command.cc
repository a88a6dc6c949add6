// `weir ledger`: the audit chain shown, and the proof that nobody changed it.
#include <charconv>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/command_line.h"
#include "app/gate/outbox.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "attest/digest.h"
#include "base/format.h"
#include "ledger/ledger.h"
#include "plan/suite.h"
#include "report/ledger_text.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using base::Result;
using gate::ExitCode;

constexpr std::string_view usage =
    "weir ledger: the record of what was asked, allowed, used and judged\n\n"
    "  weir ledger show [--json]                      its rows, oldest first\n"
    "  weir ledger verify [--head SEQ:HASH] [--json]  that no row was changed since it was "
    "written\n\n"
    "weir ledger COMMAND --help says more; docs/formats/ledger.md says what a row holds.\n";

struct LedgerFlags {
    std::string config = "weir.toml";
    std::string store;
    std::vector<std::string> heads;
    ledger::AuditFilter filter;
    std::size_t last = 0;  // 0: all
    bool json = false;
};

void add_common(CLI::App& app, LedgerFlags& flags) {
    app.add_option("-c,--config", flags.config, "configuration that names the store")
        ->capture_default_str();
    app.add_option("--store", flags.store, "sqlite:PATH or postgresql://…, instead")
        ->envname("WEIR_STORE");
    app.add_flag("--json", flags.json, "as a JSON document");
}

/// "12:0a1b…", as `weir ledger verify` prints it.
Result<attest::ChainHead> read_head(const std::string& text) {
    attest::ChainHead head;
    const auto colon = text.find(':');
    const auto* const end = text.data() + std::min(colon, text.size());
    const auto read = std::from_chars(text.data(), end, head.sequence);
    const auto digest = attest::read_sha256(
        colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1));
    if (read.ec != std::errc() || read.ptr != end || !digest.ok()) {
        return base::Error{base::Code::invalid,
                           base::format("--head wants SEQUENCE:HASH, as weir ledger verify prints "
                                        "it, not '{}'",
                                        text)};
    }
    head.hash = digest.value();
    return head;
}

Result<ledger::Ledger> open_store(const LedgerFlags& flags) {
    if (!flags.store.empty()) return ledger::Ledger::open(flags.store);
    TRY(const auto text, read_file(flags.config));
    TRY(const auto suite, plan::parse_suite(text, flags.config));
    if (suite.store.empty()) {
        return base::Error{base::Code::invalid,
                           flags.config + " keeps no ledger: its store.url is empty"};
    }
    TRY(auto opened, ledger::Ledger::open(suite.store));
    // Who may only read delivers nothing; somebody else will.
    (void)Outbox(suite.results)
        .deliver(opened, rt::SystemClock().wall(), terminal_log({}, base::Level::error));
    return opened;
}

ExitCode say_error(const base::Error& error, ExitCode code) {
    print_error("error: " + error.text + "\n");
    return code;
}

ExitCode verify(const Arguments& arguments) {
    LedgerFlags flags;
    CLI::App app("Prove that no row of the ledger was changed, dropped, moved or put in.",
                 "weir ledger verify");
    add_common(app, flags);
    app.add_option("--head", flags.heads,
                   "a place that was written down before, SEQUENCE:HASH; several are fine");
    if (const auto early = read_arguments(app, arguments)) return *early;
    std::vector<attest::ChainHead> known;
    for (const auto& each : flags.heads) {
        auto head = read_head(each);
        if (!head.ok()) return say_error(head.error(), ExitCode::usage);
        known.push_back(std::move(head).value());
    }
    auto store = open_store(flags);
    if (!store.ok()) return say_error(store.error(), ExitCode::gate_error);
    const auto broken = store.value().first_broken(known);
    if (!broken.ok()) return say_error(broken.error(), ExitCode::gate_error);
    const auto head = store.value().audit_head();
    if (!head.ok()) return say_error(head.error(), ExitCode::gate_error);
    std::optional<report::LedgerBreak> found;
    if (const auto& at = broken.value()) found = {at->sequence, at->how, at->words};
    print(flags.json ? report::ledger_proof_json(head.value(), found)
                     : report::ledger_proof_text(head.value(), found));
    return broken.value() ? ExitCode::refused : ExitCode::ok;
}

ExitCode show(const Arguments& arguments) {
    LedgerFlags flags;
    CLI::App app("Show the rows of the ledger, oldest first.", "weir ledger show");
    add_common(app, flags);
    app.add_option("--kind", flags.filter.kind, "only these, such as \"bypass used\"");
    app.add_option("--suite", flags.filter.suite, "only this suite");
    app.add_option("--env", flags.filter.environment, "only this environment");
    app.add_option("--bypass", flags.filter.bypass, "only what is about this bypass");
    app.add_option("--subject", flags.filter.subject, "only what is about this artefact");
    app.add_option("--commit", flags.filter.commit, "only what is about this commit");
    app.add_option("--run", flags.filter.run_id, "only this run");
    app.add_option("--last", flags.last, "so many rows at most, the newest; 0: all");
    if (const auto early = read_arguments(app, arguments)) return *early;
    auto store = open_store(flags);
    if (!store.ok()) return say_error(store.error(), ExitCode::gate_error);
    const auto found = store.value().audit_rows(flags.filter);
    if (!found.ok()) return say_error(found.error(), ExitCode::gate_error);
    std::vector<report::LedgerLine> lines;
    const auto& rows = found.value();
    const auto first = flags.last > 0 && rows.size() > flags.last ? rows.size() - flags.last : 0;
    for (std::size_t i = first; i < rows.size(); ++i) {
        const auto& [link, entry] = rows[i];
        lines.push_back({.sequence = link.sequence,
                         .at = link.at,
                         .kind = link.kind,
                         .suite = entry.suite,
                         .environment = entry.environment,
                         .subject = entry.subject,
                         .commit = entry.commit,
                         .bypass = entry.bypass,
                         .run_id = entry.run_id,
                         .content = entry.content,
                         .hash = link.hash});
    }
    print(flags.json ? report::ledger_json(lines) : report::ledger_text(lines));
    return ExitCode::ok;
}

}  // namespace

ExitCode ledger_command(const Arguments& arguments) {
    const std::string command = arguments.empty() ? "" : arguments[0];
    const Arguments rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
    if (command == "verify") return verify(rest);
    if (command == "show") return show(rest);
    const bool help = command == "--help" || command == "-h";
    help ? print(usage) : print_error(usage);
    return help ? ExitCode::ok : ExitCode::usage;
}

}  // namespace weir::app

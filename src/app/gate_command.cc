// `weir gate`: preflight, run, judge, decide, keep, say, exit.
#include <sstream>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/gate_suite.h"
#include "app/preflight.h"
#include "app/result_directory.h"
#include "app/script_run.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/units.h"
#include "gate/decision.h"
#include "judge/judge.h"
#include "record/codec.h"
#include "report/verdict_text.h"

namespace weir::app {
namespace {

using gate::ExitCode;

struct GateFlags {
    GateWishes wishes;
    std::string results;
    std::string duration;
    std::vector<std::string> env;
    bool quiet = false;
    bool verbose = false;
    bool no_color = false;
};

/// Empty: go on. Otherwise text to print and the code to end with.
struct Early {
    std::string text;
    ExitCode code = ExitCode::ok;
};

std::optional<Early> parse(const Arguments& arguments, GateFlags& flags) {
    CLI::App app("Run the suite of weir.toml; allow the deployment or block it.", "weir gate");
    app.add_option("-c,--config", flags.wishes.file, "configuration")->capture_default_str();
    app.add_option("--env", flags.wishes.environment, "environment of the configuration");
    app.add_option("-e,--set", flags.env, "NAME=value in the journeys' __ENV");
    app.add_option("--rate", flags.wishes.rate, "journeys per second, over the configuration's")
        ->check(CLI::PositiveNumber);
    app.add_option("--duration", flags.duration, "over the configuration's, such as 30s");
    app.add_option("--results", flags.results, "directory for records and verdicts");
    app.add_flag("-q,--quiet", flags.quiet, "no progress");
    app.add_flag("-v,--verbose", flags.verbose, "debug lines");
    app.add_flag("--no-color", flags.no_color, "no colours");
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& stop) {
        std::ostringstream out;
        const bool help = app.exit(stop, out, out) == 0;
        return Early{out.str(), help ? ExitCode::ok : ExitCode::usage};
    }
    for (const auto& text : flags.env) {
        const auto equals = text.find('=');
        if (equals == std::string::npos)
            return Early{"-e wants NAME=value, not " + text + "\n", ExitCode::usage};
        flags.wishes.variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
    if (!flags.duration.empty()) {
        auto duration = base::parse_duration(flags.duration);
        if (!duration.ok())
            return Early{"--duration: " + duration.error().text + "\n", ExitCode::usage};
        flags.wishes.duration = duration.value();
    }
    return std::nullopt;
}

/// Secrets never leave: not in lines of the journeys' own either.
base::Log redacting(base::Log log, plan::Secrets secrets) {
    return base::Log(
        [log = std::move(log), secrets = std::move(secrets)](
            base::Level level, std::string_view line) { log.write(level, secrets.redact(line)); });
}

base::Result<void> keep(const ResultDirectory& directory,
                        const record::RunRecord& record,
                        const judge::Criteria& criteria,
                        const record::Verdict& verdict,
                        const std::string& words) {
    TRY_VOID(record::write_record(directory.file("record.json"), record));
    TRY_VOID(directory.write("criteria.json", judge::encode(criteria)));
    TRY_VOID(directory.write("verdict.json", record::encode(verdict)));
    return directory.write("verdict.txt", words);
}

/// A target that is not there before the run: nothing was measured, and it is said so.
record::Verdict unreachable(const base::Error& error) {
    record::Verdict verdict;
    verdict.kind = record::VerdictKind::invalid;
    verdict.reasons = {error.text + " (whoever runs this environment should look)"};
    verdict.signals = {{.name = "target unreachable before the run",
                        .hard = true,
                        .against_service = false,
                        .words = error.text,
                        .who = "whoever runs this environment"}};
    return verdict;
}

ExitCode conclude(const ResultDirectory& directory,
                  const record::RunRecord& record,
                  const judge::Criteria& criteria,
                  const record::Verdict& verdict,
                  bool colors) {
    const auto decision = gate::decide(verdict);
    const auto plain = report::verdict_text(record, verdict, decision, false);
    print(colors ? report::verdict_text(record, verdict, decision, true) : plain);
    print("result    " + directory.path() + "\n");
    if (auto kept = keep(directory, record, criteria, verdict, plain); !kept.ok()) {
        print_error("error: " + kept.error().text + "\n");
        return decision.allow ? ExitCode::gate_error : decision.code;
    }
    return decision.code;
}

ExitCode run_gate(GateSuite& gate, const GateFlags& flags, const Terminal& terminal) {
    auto directory = ResultDirectory::make(
        flags.results.empty() ? gate.suite.results : flags.results, gate.request.run_id);
    if (!directory.ok()) {
        print_error("error: " + directory.error().text + "\n");
        return ExitCode::gate_error;
    }
    judge::Criteria criteria{
        .conditions = gate.suite.conditions, .thresholds = {}, .trust = gate.suite.trust};
    record::RunRecord nothing;
    nothing.run_id = gate.request.run_id;
    nothing.target.base_url = gate.environment.base_url;
    if (auto there = preflight(gate); !there.ok()) {
        return conclude(directory.value(), nothing, criteria, unreachable(there.error()),
                        terminal.colors);
    }
    auto run = ScriptRun::prepare(gate.request);
    if (!run.ok()) {
        print_error("error: " + run.error().text + "\n");
        return run.error().code == base::Code::script ? ExitCode::script_exception
                                                      : ExitCode::usage;
    }
    if (run.value()->options().thresholds) criteria.thresholds = *run.value()->options().thresholds;
    record::RunRecord record = run.value()->execute();
    if (terminal.error_is_tty && !terminal.quiet) print_error("\r\x1b[K");
    if (run.value()->init_error()) {
        print_error("error: " + run.value()->init_error()->text + "\n");
        return ExitCode::script_exception;
    }
    record.target.environment = gate.environment.name;
    record.target.base_url = gate.environment.base_url;
    return conclude(directory.value(), record, criteria, judge::judge(record, criteria),
                    terminal.colors);
}

}  // namespace

ExitCode gate_command(const Arguments& arguments) {
    GateFlags flags;
    if (auto early = parse(arguments, flags)) {
        early->code == ExitCode::ok ? print(early->text) : print_error(early->text);
        return early->code;
    }
    const Terminal terminal = detect_terminal(flags.no_color, flags.quiet);
    auto gate = load_gate_suite(flags.wishes);
    if (!gate.ok()) {
        print_error("error: " + gate.error().text + "\n");
        return ExitCode::usage;
    }
    auto& request = gate.value()->request;
    request.log =
        redacting(terminal_log(terminal, flags.verbose ? base::Level::debug : base::Level::info),
                  gate.value()->request.evidence.secrets);
    request.console = request.log;
    request.on_progress = progress_line(terminal);
    return run_gate(*gate.value(), flags, terminal);
}

}  // namespace weir::app

// `weir gate`: attempt, judge, decide, keep, say, exit.
#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/gate_attempt.h"
#include "app/gate_suite.h"
#include "app/history/remember.h"
#include "app/notify/gate_notices.h"
#include "app/notify/notices.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/units.h"
#include "gate/decision.h"
#include "notify/run_notices.h"
#include "report/verdict_text.h"
#include "rt/clock.h"

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
    std::string commit;  // empty: the pipeline's, or the version that the target reports
};

base::Result<void> understand(GateFlags& flags) {
    TRY_VOID(read_variables(flags.env, flags.wishes.variables));
    if (flags.duration.empty()) return {};
    auto duration = base::parse_duration(flags.duration);
    if (!duration.ok()) return base::within("--duration", duration.error());
    flags.wishes.duration = duration.value();
    return {};
}

/// The code to end with, when there is nothing to run.
std::optional<ExitCode> parse(const Arguments& arguments, GateFlags& flags) {
    CLI::App app("Run the suite of weir.toml; allow the deployment or block it.", "weir gate");
    app.add_option("-c,--config", flags.wishes.file, "configuration")->capture_default_str();
    app.add_option("--env", flags.wishes.environment, "environment of the configuration");
    app.add_option("-e,--set", flags.env, "NAME=value in the journeys' __ENV");
    app.add_option("--env-file", flags.wishes.env_file,
                   "file of secrets, instead of .env beside the configuration");
    app.add_option("--rate", flags.wishes.rate, "journeys per second, over the configuration's")
        ->check(CLI::PositiveNumber);
    app.add_option("--duration", flags.duration, "over the configuration's, such as 30s");
    app.add_option("--commit", flags.commit, "what is tested, for the history");
    app.add_option("--store", flags.wishes.store,
                   "history store, over the configuration's; '' for none");
    app.add_option("--results", flags.results, "directory for records and verdicts");
    app.add_flag("-q,--quiet", flags.quiet, "no progress");
    app.add_flag("-v,--verbose", flags.verbose, "debug lines");
    app.add_flag("--no-color", flags.no_color, "no colours");
    if (const auto early = read_arguments(app, arguments)) return early;
    if (auto understood = understand(flags); !understood.ok()) {
        print_error(understood.error().text + "\n");
        return ExitCode::usage;
    }
    return std::nullopt;
}

/// Says and keeps the verdict; the exit code of a gate that ends here.
ExitCode conclude(const ResultDirectory& directory, const GateAttempt& made, bool colors) {
    const auto decision = gate::decide(made.verdict);
    const auto plain = report::verdict_text(made.record, made.verdict, decision, false);
    print(colors ? report::verdict_text(made.record, made.verdict, decision, true) : plain);
    print("result    " + directory.path() + "\n");
    if (auto kept = keep(directory, made, plain); !kept.ok()) {
        print_error("error: " + kept.error().text + "\n");
        return decision.allow ? ExitCode::gate_error : decision.code;
    }
    return decision.code;
}

ExitCode run_once(GateSuite& gate,
                  const GateFlags& flags,
                  const Terminal& terminal,
                  std::uint32_t tried) {
    auto directory = ResultDirectory::make(
        flags.results.empty() ? gate.suite.results : flags.results, gate.request.run_id);
    if (!directory.ok()) {
        print_error("error: " + directory.error().text + "\n");
        return ExitCode::gate_error;
    }
    const std::string commit = flags.commit.empty() ? commit_of_pipeline() : flags.commit;
    RunMemory memory(gate, commit, tried + 1, gate.request.log);
    const auto window = window_of(gate, commit, rt::SystemClock().wall());
    Notices notices(gate.suite, flags.wishes.file, gate.request.log);
    notices.run_begins(window);
    gate.request.on_progress = [&memory, tell = gate.request.on_progress](const auto& progress) {
        memory.beat(rt::SystemClock().wall());
        if (tell) tell(progress);
    };
    GateAttempt made;
    made.criteria.baseline = memory.baseline(gate.suite.baseline);
    const auto failure = attempt(gate, made);
    if (terminal.error_is_tty && !terminal.quiet) print_error("\r\x1b[K");
    const auto ended = rt::SystemClock().wall();
    if (failure) {
        print_error("error: " + failure->error.text + "\n");
        notices.run_ends(notify::failed_notice(window, failure->error.text, ended));
        return failure->code;
    }
    memory.finish(made);
    const ExitCode code = conclude(directory.value(), made, terminal.colors);
    // After the verdict was said: nobody waits for a slow channel.
    notices.run_ends(notify::verdict_notice(window, made.record, made.verdict,
                                            gate::decide(made.verdict).sentence, ended));
    return code;
}

/// A run that says nothing about the service is repeated, as often as the suite allows; each leaves
/// a result of its own.
ExitCode run_gate(const GateFlags& flags, const Terminal& terminal) {
    for (std::uint32_t tried = 0;; ++tried) {
        auto gate = load_gate_suite(flags.wishes);
        if (!gate.ok()) {
            print_error("error: " + gate.error().text + "\n");
            return ExitCode::usage;
        }
        speak_on(terminal, flags.verbose, gate.value()->request);
        if (tried == 0) warn_of(*gate.value());
        const ExitCode code = run_once(*gate.value(), flags, terminal, tried);
        const auto retries = gate.value()->suite.decisions.retries;
        if (code != ExitCode::gate_invalid || tried >= retries) return code;
        print_error(base::format("invalid: trying again ({} of {})\n", tried + 1, retries));
    }
}

}  // namespace

ExitCode gate_command(const Arguments& arguments) {
    GateFlags flags;
    if (const auto early = parse(arguments, flags)) return *early;
    const Terminal terminal = detect_terminal(flags.no_color, flags.quiet);
    return run_gate(flags, terminal);
}

}  // namespace weir::app

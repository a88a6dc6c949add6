// `weir gate`: attempt, judge, decide, keep, say, exit.
#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/gate/release.h"
#include "app/gate/signed_verdict.h"
#include "app/gate_attempt.h"
#include "app/gate_suite.h"
#include "app/history/remember.h"
#include "app/lease/pipeline_name.h"
#include "app/lease/take_turn.h"
#include "app/notify/gate_notices.h"
#include "app/notify/notices.h"
#include "app/process_environment.h"
#include "app/report/leave_report.h"
#include "app/report/material_of.h"
#include "app/report/pipeline_facts.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "app/terminal/live_run.h"
#include "attest/digest.h"
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
    bool no_telemetry = false;
    std::string duration;
    std::vector<std::string> env;
    bool quiet = false;
    bool verbose = false;
    bool no_color = false;
    Deployment deployment;  // no commit: the pipeline's
    bool no_lease = false;
    bool zero_when_allowed = false;
};

base::Result<void> understand(GateFlags& flags) {
    TRY_VOID(read_variables(flags.env, flags.wishes.variables));
    flags.wishes.telemetry = !flags.no_telemetry;
    if (flags.deployment.commit.empty()) flags.deployment.commit = commit_of_pipeline();
    if (auto& artefact = flags.deployment.artefact; !artefact.empty()) {
        auto digest = attest::read_sha256(artefact);
        if (!digest.ok()) return base::within("--subject", digest.error());
        artefact = std::move(digest).value();
    }
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
    app.add_option("--commit", flags.deployment.commit,
                   "what is tested: for the history, the statement and a bypass");
    app.add_option("--subject", flags.deployment.artefact,
                   "sha256:HEX of the artefact that waits for the verdict");
    app.add_flag("--zero-when-allowed", flags.zero_when_allowed,
                 "exit 0 also when a bypass lets the deployment go on");
    app.add_flag("--no-lease", flags.no_lease, "do not wait for other runs on this environment");
    app.add_option("--store", flags.wishes.store,
                   "history store, over the configuration's; '' for none")
        ->envname("WEIR_STORE");
    app.add_option("--results", flags.results, "directory for records and verdicts");
    app.add_flag("--no-telemetry", flags.no_telemetry, "tell no tool of [telemetry]");
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

struct Concluded {
    Released released;
    ExitCode code = ExitCode::gate_error;  // of a gate that ends here
};

/// For people, beside the result and on the job's page; of no consequence for the verdict.
void report(const ReleasePlan& plan,
            const ResultDirectory& directory,
            GateAttempt& made,
            const Released& released) {
    const auto& log = plan.gate.request.log;
    made.provenance.bypass = released.bypass;
    if (released.bypass) {
        const auto kept = directory.write("provenance.json", gate::encode(made.provenance));
        if (!kept.ok()) log.warn("later reports will not know the bypass: " + kept.error().text);
    }
    const auto material = material_of(made, released.decision);
    if (const auto page = leave_report(directory, material, log)) {
        print("report    " + *page + "\n");
    }
    // A run that is tried again is no step's end.
    if (plan.may_bypass) tell_github(material, log);
}

/// Says and keeps the verdict and what follows from it.
Concluded conclude(const ReleasePlan& plan,
                   const ResultDirectory& directory,
                   GateAttempt& made,
                   const GateFlags& flags,
                   const Terminal& terminal) {
    const auto text = [&made](const gate::Decision& decision, const report::VerdictStyle& style) {
        return report::verdict_text(made.record, made.verdict, decision, style);
    };
    Released released;
    released.decision = gate::decide(made.verdict);
    auto kept = keep(directory, made, text(released.decision, {}));
    if (kept.ok()) {
        released = release(plan, made, directory);
        kept =
            directory.write("verdict.txt", text(released.decision, {}) + released_text(released));
    }
    print(text(released.decision, {.colors = terminal.colors, .unicode = terminal.unicode}) +
          released_text(released));
    print("result    " + directory.path() + "\n");
    report(plan, directory, made, released);
    auto code = gate::exit_code_of(released.decision, flags.zero_when_allowed);
    if (!kept.ok()) {
        print_error("error: " + kept.error().text + "\n");
        if (released.decision.allow) code = ExitCode::gate_error;
    }
    return {std::move(released), code};
}

ExitCode run_once(GateSuite& gate,
                  const GateFlags& flags,
                  const Terminal& terminal,
                  std::uint32_t tried) {
    const auto& results = flags.results.empty() ? gate.suite.results : flags.results;
    auto directory = ResultDirectory::make(results, gate.request.run_id);
    if (!directory.ok()) {
        print_error("error: " + directory.error().text + "\n");
        return ExitCode::gate_error;
    }
    const auto& commit = flags.deployment.commit;
    RunMemory memory(gate, commit, tried + 1, gate.request.log);
    const auto window = window_of(gate, commit, rt::SystemClock().wall());
    Notices notices(gate.suite, flags.wishes.file, gate.request.log);
    notices.run_begins(window);
    gate.request.on_progress = [&memory, tell = gate.request.on_progress](const auto& progress) {
        memory.beat(rt::SystemClock().wall());
        if (tell) tell(progress);
    };
    LiveRun live(
        terminal,
        base::format("weir gate: {} in {}", gate.suite.name,
                     gate.environment.name.empty() ? gate.shown_base_url() : gate.environment.name),
        gate.request);
    gate.live = &live;
    GateAttempt made;
    made.provenance = provenance_of(gate, GateFacts{.config = flags.wishes.file,
                                                    .commit = commit,
                                                    .artefact = flags.deployment.artefact,
                                                    .duration = flags.wishes.duration,
                                                    .attempt = tried + 1});
    made.criteria.baseline = memory.baseline(gate.suite.baseline);
    made.provenance.last_good = memory.last_good();
    const auto failure = attempt(gate, made);
    const auto ended = rt::SystemClock().wall();
    if (failure) {
        print_error("error: " + failure->error.text + "\n");
        notices.run_ends(notify::failed_notice(window, failure->error.text, ended));
        return failure->code;
    }
    memory.finish(made);
    const bool last =
        made.verdict.kind != record::VerdictKind::invalid || tried >= gate.suite.decisions.retries;
    const ReleasePlan plan{.gate = gate,
                           .config = flags.wishes.file,
                           .results = results,
                           .deployment = flags.deployment,
                           .may_bypass = last};
    const auto concluded = conclude(plan, directory.value(), made, flags, terminal);
    // After the verdict was said: nobody waits for a slow channel.
    notices.run_ends(notify::verdict_notice(window, made.record, made.verdict,
                                            concluded.released.decision.sentence, ended));
    for (const auto& each : concluded.released.notices) notices.send(each);
    return concluded.code;
}

/// Keeps other runs off the environment, over all attempts.
class Turns {
public:
    explicit Turns(bool wanted) : wanted_(wanted) {}

    /// The code to end with, when the environment is not to be had.
    std::optional<ExitCode> begin(GateSuite& gate) {
        if (lease_ && lease_->lost()) lease_.reset();
        if (wanted_ && !lease_) {
            const auto& name = gate.environment.name;
            Turn turn =
                take_turn({.who = {.environment = name.empty() ? gate.environment.base_url : name,
                                   .run_id = gate.request.run_id,
                                   .suite = gate.suite.name,
                                   .pipeline = pipeline_name(environment_variable)},
                           .store = gate.suite.store,
                           .wait = gate.suite.lease.wait},
                          rt::SystemClock(), gate.request.log, interruption_);
            if (turn.end) {
                print_error(turn.words + "\n");
                return turn.end;
            }
            lease_ = std::move(turn.lease);
        }
        gate.lease = lease_.get();
        return std::nullopt;
    }

private:
    bool wanted_;
    // Before any thread is started, also without a lease: a signal that a thread of the watch on
    // the surroundings took would end the gate, and its result with it.
    Interruption interruption_;
    std::unique_ptr<HeldLease> lease_;
};

/// A run that says nothing about the service is repeated, as often as the suite allows; each leaves
/// a result of its own.
ExitCode run_gate(const GateFlags& flags, const Terminal& terminal) {
    Turns turns(!flags.no_lease);
    for (std::uint32_t tried = 0;; ++tried) {
        auto gate = load_gate_suite(flags.wishes);
        if (!gate.ok()) {
            print_error("error: " + gate.error().text + "\n");
            return ExitCode::usage;
        }
        if (auto key = signing_key(gate.value()->suite, flags.wishes.file); !key.ok()) {
            print_error("error: " + key.error().text + "\n");
            return ExitCode::usage;
        }
        speak_on(terminal, flags.verbose, gate.value()->request);
        if (tried == 0) warn_of(*gate.value());
        if (const auto busy = turns.begin(*gate.value())) return *busy;
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

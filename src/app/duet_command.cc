// `weir duet`: two deployments, driven at once by paired requests; names what changed.
#include <algorithm>

#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/duet/duet_result.h"
#include "app/gate_suite.h"
#include "app/process_environment.h"
#include "app/report/leave_report.h"
#include "app/report/pipeline_facts.h"
#include "app/result_directory.h"
#include "app/script_run.h"
#include "app/seats.h"
#include "app/terminal.h"
#include "app/terminal/live_rules.h"
#include "app/watch/surroundings_watch.h"
#include "base/format.h"
#include "base/units.h"
#include "base/url.h"
#include "base/version.h"
#include "judge/duet.h"
#include "report/verdict_text.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using gate::ExitCode;

struct DuetFlags {
    GateWishes wishes;
    std::string candidate;
    std::string duration = "60s";
    std::string slower_than = "20% and 50ms";
    std::string offset;
    std::string results;
    bool no_telemetry = false;
    std::vector<std::string> env;
    judge::DuetRule rule;
    base::Nanos apart = base::Nanos(-1);  // of the two of a pair; negative: half the gap
    std::uint64_t seed = 0;
    bool whole = false;
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    bool no_color = false;
};

void declare(CLI::App& app, DuetFlags& flags) {
    app.add_option("-c,--config", flags.wishes.file, "configuration")->capture_default_str();
    app.add_option("--env", flags.wishes.environment, "environment of the configuration");
    app.add_option("--env-file", flags.wishes.env_file,
                   "file of secrets, instead of .env beside the configuration");
    app.add_option("--baseline", flags.wishes.variables["BASE_URL"], "URL of the known version")
        ->required();
    app.add_option("--candidate", flags.candidate, "URL of the version in question")->required();
    app.add_option("--duration", flags.duration, "how long")->capture_default_str();
    app.add_option("--rate", flags.wishes.rate, "pairs of journeys per second, over the suite's")
        ->check(CLI::PositiveNumber);
    app.add_option("--slower-than", flags.slower_than,
                   "what matters: slower by more than both of these")
        ->capture_default_str();
    app.add_option("--level", flags.rule.level,
                   "chance that an equal candidate is called slower, over all requests")
        ->capture_default_str()
        ->check(CLI::Range(1e-9, 0.5));
    app.add_option("--offset", flags.offset,
                   "from the first to the second of a pair; 0s: at once; by default half of the "
                   "time between pairs");
    app.add_option("--seed", flags.seed, "of the order within pairs; by default a new one");
    app.add_option("-e,--set", flags.env, "NAME=value in the journeys' __ENV, on both sides");
    app.add_option("--results", flags.results, "directory for records and verdicts");
    app.add_flag("--whole", flags.whole, "go on for all of --duration when all is decided");
    app.add_flag("--json", flags.json, "print the findings as JSON");
    app.add_flag("--no-telemetry", flags.no_telemetry, "tell no tool of [telemetry]");
    app.add_flag("-q,--quiet", flags.quiet, "no progress");
    app.add_flag("-v,--verbose", flags.verbose, "debug lines");
    app.add_flag("--no-color", flags.no_color, "no colours");
}

base::Result<void> understand(DuetFlags& flags) {
    TRY_VOID(read_variables(flags.env, flags.wishes.variables));
    flags.wishes.telemetry = !flags.no_telemetry;
    auto duration = base::parse_duration(flags.duration);
    if (!duration.ok()) return base::within("--duration", duration.error());
    flags.wishes.duration = duration.value();
    if (!flags.offset.empty()) {
        auto apart = base::parse_duration(flags.offset);
        if (!apart.ok()) return base::within("--offset", apart.error());
        flags.apart = std::max(apart.value(), base::Nanos{});
    }
    const auto threshold = plan::parse_slower_than(flags.slower_than);
    if (!threshold.ok()) return base::within("--slower-than", threshold.error());
    flags.rule.slower_than = threshold.value();
    return {};
}

/// The code to end with, when there is nothing to run.
std::optional<ExitCode> parse(const Arguments& arguments, DuetFlags& flags) {
    CLI::App app("Drive two deployments at once and name the requests that changed.", "weir duet");
    declare(app, flags);
    if (const auto early = read_arguments(app, arguments)) return early;
    if (auto understood = understand(flags); !understood.ok()) {
        print_error("error: " + understood.error().text + "\n");
        return ExitCode::usage;
    }
    return std::nullopt;
}

/// Each journey's scenario once for each side, due in pairs.
std::vector<plan::Scenario> paired(const std::vector<plan::Scenario>& scenarios,
                                   const DuetFlags& flags,
                                   std::uint64_t seed) {
    std::vector<plan::Scenario> both;
    for (const auto& scenario : scenarios) {
        if (scenario.rate == 0) continue;
        const auto gap = scenario.time_unit / static_cast<std::int64_t>(scenario.rate);
        for (const bool candidate : {false, true}) {
            plan::Scenario side = scenario;
            side.executor = plan::ExecutorKind::constant_arrival_rate;
            side.stages.clear();  // a suite's steps are the gate's
            const std::string_view word =
                record::word_of(candidate ? record::Side::candidate : record::Side::baseline);
            side.name = base::format("{} ({})", scenario.name, word);
            side.tags["journey"] = scenario.name;
            side.tags["side"] = word;
            side.pairing =
                plan::Pairing{.candidate = candidate,
                              .offset = flags.apart < base::Nanos{} ? gap / 2 : flags.apart,
                              .seed = seed + both.size() / 2 * 0x9E3779B97F4A7C15ULL};
            both.push_back(std::move(side));
        }
    }
    return both;
}

ExitCode conclude(const ResultDirectory& directory,
                  const DuetResult& made,
                  const DuetFlags& flags,
                  const base::Log& log,
                  const Terminal& terminal) {
    const auto decision = decide(made.duet);
    const auto words = [&](const report::VerdictStyle& style) {
        return report::verdict_text(made.record, made.duet.verdict, decision, style);
    };
    if (flags.json) {
        print(judge::encode(made.duet, made.rule));
    } else {
        print(words({.colors = terminal.colors, .unicode = terminal.unicode}));
        print("result    " + directory.path() + "\n");
    }
    const auto page = leave_report(directory, material_of(made, decision), log);
    if (page && !flags.json) print("report    " + *page + "\n");
    if (auto kept = keep(directory, made, words({})); !kept.ok()) {
        print_error("error: " + kept.error().text + "\n");
        return decision.allow ? ExitCode::gate_error : decision.code;
    }
    return decision.code;
}

base::Result<void> look_at(const GateSuite& gate, const std::string& base_url) {
    TRY(const auto base, base::parse_url(base_url));
    TRY(const auto health, base::resolve_url(gate.environment.health_url, base));
    WatchPlan plan;
    plan.probed.push_back(
        {.name = "", .url = health.href, .slow_over = {}, .probes = {}, .last_error = {}});
    plan.user_agent = gate.marks.user_agent;
    TRY(plan.network, net_settings_from(gate.request.tiers.flags));
    TRY(const auto watch, SurroundingsWatch::start(std::move(plan)));
    return watch->target_is_well();
}

/// Which deployment is not there, or not well, before the run, and why; else nothing.
std::optional<std::string> absent(const GateSuite& gate, const DuetFlags& flags) {
    for (const bool candidate : {false, true}) {
        const auto there = look_at(gate, candidate ? flags.candidate : gate.environment.base_url);
        if (there.ok()) continue;
        return base::format("the {}: {}", candidate ? "candidate" : "baseline", there.error().text);
    }
    return std::nullopt;
}

/// Ends the run when more pairs could change nothing. Judging takes longer the more pairs there
/// are, so it waits for a tenth more of them each time.
engine::StopRule stop_when_decided(const judge::DuetRule& rule, base::Nanos planned) {
    return [rule, planned, judged = std::size_t{0}](
               const engine::SoFar& so_far) mutable -> std::optional<engine::Stop> {
        std::size_t pairs = 0;
        for (const auto& series : so_far.pairs) pairs += series.pairs.size();
        if (pairs < judged + judged / 10) return std::nullopt;
        judged = pairs;
        const double growth =
            base::to_seconds(planned) / std::max(base::to_seconds(so_far.elapsed), 1.0);
        if (!judge::is_decided(so_far.pairs, rule, growth)) return std::nullopt;
        return engine::Stop{record::EndKind::decided, "every request was decided"};
    };
}

ExitCode run_duet(GateSuite& gate, const DuetFlags& flags, const Terminal& terminal) {
    auto directory = ResultDirectory::make(
        flags.results.empty() ? gate.suite.results : flags.results, gate.request.run_id);
    if (!directory.ok()) {
        print_error("error: " + directory.error().text + "\n");
        return ExitCode::gate_error;
    }
    const std::string targets = base::format("{} (baseline), {} (candidate)", gate.shown_base_url(),
                                             gate.request.evidence.secrets.redact(flags.candidate));
    const auto& log = gate.request.log;
    auto from = provenance_of(gate, gate::ResultKind::duet);
    from.config = name_in_repository(flags.wishes.file, environment_variable);
    from.load = load_words(gate.suite, flags.wishes.duration);
    if (const auto words = absent(gate, flags)) {
        DuetResult nothing{.record = {}, .rule = flags.rule, .duet = {}, .provenance = from};
        nothing.record.run_id = gate.request.run_id;
        nothing.record.weir_version = base::version;
        nothing.record.started = rt::SystemClock().wall();
        nothing.record.target.base_url = targets;
        nothing.record.ending.kind = record::EndKind::unreachable;
        nothing.record.ending.words = *words;
        nothing.duet = judge::judge_duet(nothing.record, nothing.rule);
        return conclude(directory.value(), nothing, flags, log, terminal);
    }
    LiveRun live(terminal, base::format("weir duet: {}", gate.suite.name), gate.request);
    live.judge_by("requests", live_pairs(flags.rule));
    auto run = ScriptRun::prepare(gate.request);
    if (!run.ok()) {
        print_error("error: " + run.error().text + "\n");
        return run.error().code == base::Code::script ? ExitCode::script_exception
                                                      : ExitCode::usage;
    }
    DuetResult made{
        .record = run.value()->execute(), .rule = flags.rule, .duet = {}, .provenance = from};
    if (run.value()->init_error()) {
        print_error("error: " + run.value()->init_error()->text + "\n");
        return ExitCode::script_exception;
    }
    made.record.target.environment = gate.environment.name;
    made.record.target.base_url = targets;
    made.duet = judge::judge_duet(made.record, made.rule);
    return conclude(directory.value(), made, flags, log, terminal);
}

}  // namespace

ExitCode duet_command(const Arguments& arguments) {
    DuetFlags flags;
    if (const auto early = parse(arguments, flags)) return *early;
    const Terminal terminal = detect_terminal(flags.no_color, flags.quiet);
    auto gate = load_gate_suite(flags.wishes);
    if (!gate.ok()) {
        print_error("error: " + gate.error().text + "\n");
        return ExitCode::usage;
    }
    flags.rule.trust = gate.value()->suite.trust;
    auto& request = gate.value()->request;
    if (flags.seed != 0) request.seed = flags.seed;
    request.candidate_env = {{"BASE_URL", flags.candidate}};
    if (const auto url = base::parse_url(flags.candidate); url.ok()) {
        request.evidence.secrets.add(url.value().password);
    }
    request.scenarios = paired(*request.scenarios, flags, request.seed);
    request.thresholds = false;
    if (gate.value()->suite.decisions.early_stop && !flags.whole) {
        request.stop_rules.push_back(stop_when_decided(flags.rule, flags.wishes.duration));
    }
    speak_on(terminal, flags.verbose, request);
    warn_of(*gate.value());
    return run_duet(*gate.value(), flags, terminal);
}

}  // namespace weir::app

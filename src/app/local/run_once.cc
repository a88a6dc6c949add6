#include "app/local/run_once.h"

#include <iostream>
#include <iterator>

#include "app/gate_suite.h"
#include "app/local/environment.h"
#include "app/local/first_look.h"
#include "app/process_environment.h"
#include "app/report/leave_report.h"
#include "app/report/material_of.h"
#include "app/report/pipeline_facts.h"
#include "app/result_directory.h"
#include "app/run_id.h"
#include "app/summary_output.h"
#include "app/telemetry/telemetry.h"
#include "app/terminal/live_rules.h"
#include "base/format.h"
#include "base/random.h"
#include "gate/decision.h"
#include "judge/judge.h"
#include "plan/parse_options.h"
#include "record/codec.h"
#include "report/short_summary.h"

namespace weir::app {
namespace {

using gate::ExitCode;

ExitCode code_of(const base::Error& error) {
    if (error.code == base::Code::cancelled) return ExitCode::script_aborted;
    return error.code == base::Code::script ? ExitCode::script_exception : ExitCode::invalid_config;
}

/// The run's own end comes first: it says more than what failed while clearing up.
ExitCode with_teardown(ExitCode code, const std::optional<base::Error>& teardown) {
    if (code != ExitCode::ok || !teardown) return code;
    if (teardown->code == base::Code::cancelled) return ExitCode::script_aborted;
    return teardown->code == base::Code::timeout ? ExitCode::teardown_timeout
                                                 : ExitCode::script_exception;
}

/// All of an environment that a run takes over; the command line has the last word. What the gate
/// would not give a journey, this run does not either: the process' own variables come only when
/// they are asked for.
base::Result<void> enter(const RunFlags& flags, const Repetition& repetition, EnvironmentRun& run) {
    EnvironmentWishes wishes;
    wishes.environment = flags.environment;
    wishes.variables = flags.env;
    wishes.env_file = flags.env_file;
    wishes.telemetry = !flags.no_telemetry;
    wishes.seen = repetition.seen;
    wishes.file = flags.suite;
    if (wishes.file.empty()) {
        auto found = find_suite_file(flags.script, repetition.seen);
        if (!found.ok()) {
            return base::Error{
                found.error().code,
                base::format("{}. (--env {} names an environment of it; a variable "
                             "of this process goes into __ENV with -e {})",
                             found.error().text, flags.environment, flags.environment)};
        }
        wishes.file = std::move(found).value();
    }
    TRY_VOID(enter_environment(wishes, run));
    if (flags.allow_writes) run.guard.read_only = false;
    if (flags.include_system_env.value_or(false)) {
        for (const auto& [name, value] : process_environment())
            run.request.env.emplace(name, value);
    }
    if (flags.options.insecure_skip_tls_verify) {
        run.request.tiers.flags.insecure_skip_tls_verify = flags.options.insecure_skip_tls_verify;
    }
    return {};
}

/// k6's own: nothing but flags and the process' variables.
void stay_outside(const RunFlags& flags, EnvironmentRun& run) {
    run.request.run_id = new_run_id();
    run.request.seed = base::entropy();
    if (flags.include_system_env.value_or(true)) run.request.env = process_environment();
    for (const auto& [name, value] : flags.env) run.request.env[name] = value;
}

base::Result<void> read_options(const RunFlags& flags,
                                const Repetition& repetition,
                                OptionTiers& tiers) {
    const auto insecure = tiers.flags.insecure_skip_tls_verify;
    tiers.flags = flags.options;
    if (insecure) tiers.flags.insecure_skip_tls_verify = insecure;
    TRY(tiers.environment, plan::options_from_environment(environment_variable));
    if (flags.config.empty()) return {};
    if (repetition.seen) repetition.seen(flags.config);
    TRY(const auto text, read_file(flags.config));
    auto parsed = plan::parse_options_json(text);
    if (!parsed.ok()) return base::within(flags.config, parsed.error());
    tiers.file = std::move(parsed).value();
    return {};
}

base::Result<void> request_from(const RunFlags& flags,
                                const Repetition& repetition,
                                ScriptRunRequest& request) {
    request.script = flags.script;
    if (flags.script == "-") {
        request.script = "stdin.js";
        request.entry_text = std::string(std::istreambuf_iterator<char>(std::cin), {});
    }
    TRY_VOID(read_options(flags, repetition, request.tiers));
    request.workers = flags.workers;
    request.outputs = flags.outputs;
    if (flags.telemetry.any()) {
        if (!request.telemetry) request.telemetry = std::make_shared<Telemetry>(request.run_id);
        TRY_VOID(request.telemetry->add(
            flags.telemetry,
            {.directory = "", .env_file = {}, .hidden = request.evidence.secrets}));
    }
    request.thresholds = !flags.no_thresholds;
    request.on_file = repetition.seen;
    request.beside = repetition.beside;
    return {};
}

judge::Criteria criteria_from(const ScriptRun& run, const RunFlags& flags) {
    judge::Criteria criteria;
    if (run.options().thresholds) criteria.thresholds = *run.options().thresholds;
    criteria.strict_compat = flags.strict_compat;
    return criteria;
}

/// Thresholds and, unless k6's exact rules are asked for, what k6 lets pass and should not.
bool holds(const record::Verdict& verdict, bool strict_compat) {
    for (const auto& finding : verdict.findings) {
        if (finding.state != record::FindingState::held) return false;
    }
    if (strict_compat) return true;
    for (const auto& signal : verdict.signals) {
        if (signal.hard || signal.against_service) return false;
    }
    return true;
}

base::Result<void> keep(const RunFlags& flags, const GateAttempt& made, const base::Log& log) {
    if (flags.results.empty()) return {};
    TRY(const auto directory, ResultDirectory::make(flags.results, made.record.run_id));
    TRY_VOID(record::write_record(directory.file("record.json"), made.record));
    TRY_VOID(directory.write("criteria.json", judge::encode(made.criteria)));
    TRY_VOID(directory.write("provenance.json", gate::encode(made.provenance)));
    TRY_VOID(directory.write("verdict.json", record::encode(made.verdict)));
    const auto page =
        leave_report(directory, material_of(made, decision_of_run(made.verdict)), log);
    if (page && !flags.quiet) print_error("report    " + *page + "\n");
    return {};
}

void print_warnings(const ScriptRun& run,
                    const RunFlags& flags,
                    const record::RunRecord& record,
                    const record::Verdict& verdict) {
    // Where the summary does not say so.
    if (flags.summary_mode == "disabled" || run.exports("handleSummary")) {
        for (const auto& warning : record.warnings) print_error("warning: " + warning + "\n");
    }
    if (!record.ending.words.empty())
        print_error("the run was ended: " + record.ending.words + "\n");
    for (const auto& signal : verdict.signals) {
        if (!flags.strict_compat)
            print_error(base::format("warning: {}: {}\n", signal.name, signal.words));
    }
}

base::Result<void> summarize(ScriptRun& run,
                             const RunFlags& flags,
                             const record::RunRecord& record,
                             const Terminal& terminal,
                             bool is_short) {
    SummaryWishes wishes{.settings = summary_settings(run.options(), terminal, flags.strict_compat),
                         .mode = flags.summary_mode,
                         .export_file = flags.summary_export};
    const bool shortened = is_short && !flags.summary_mode_given;
    if (shortened) {
        print(report::short_summary(record, wishes.settings.thresholds, terminal.colors));
        if (!run.exports("handleSummary")) wishes.mode = "disabled";
    }
    return write_summary(run, record, wishes, terminal);
}

RunEnd finish(ScriptRun& run,
              const RunFlags& flags,
              const Terminal& terminal,
              const EnvironmentRun& entered,
              bool is_short) {
    GateAttempt made;
    auto& record = made.record;
    record = run.execute();
    if (run.init_error()) {
        print_error(run.init_error()->text + "\n");
        return {ExitCode::script_exception};
    }
    record.target.environment = entered.environment.name;
    record.target.base_url = entered.shown_base_url();
    made.criteria = criteria_from(run, flags);
    made.verdict = judge::judge(record, made.criteria);
    made.provenance = provenance_of(entered, gate::ResultKind::run);
    const auto& verdict = made.verdict;
    const auto written = summarize(run, flags, record, terminal, is_short);
    if (!written.ok()) print_error("error: " + written.error().text + "\n");
    const auto kept = keep(flags, made, entered.request.log);
    if (!kept.ok()) print_error("error: " + kept.error().text + "\n");
    print_warnings(run, flags, record, verdict);
    const ExitCode code = with_teardown(
        gate::exit_code_of(record, holds(verdict, flags.strict_compat)), run.teardown_error());
    const bool whole = code != ExitCode::ok || (written.ok() && kept.ok());
    return {.code = whole ? code : ExitCode::gate_error,
            .by_signal = record.ending.kind == record::EndKind::aborted_by_signal};
}

RunEnd refuse(const base::Error& error, ExitCode code) {
    print_error("error: " + error.text + "\n");
    return {code};
}

}  // namespace

RunEnd run_once(const RunFlags& flags, const Terminal& terminal, const Repetition& repetition) {
    EnvironmentRun entered;
    const bool in_environment = !flags.environment.empty();
    if (!in_environment) {
        stay_outside(flags, entered);
    } else if (auto done = enter(flags, repetition, entered); !done.ok()) {
        return refuse(done.error(), ExitCode::usage);
    }
    ScriptRunRequest& request = entered.request;
    if (auto made = request_from(flags, repetition, request); !made.ok()) {
        return refuse(made.error(), ExitCode::invalid_config);
    }
    speak_on(terminal, flags.verbose, request);
    warn_of(entered);
    LiveRun live(terminal, "weir run: " + flags.script, request);
    auto run = ScriptRun::prepare(request);
    if (!run.ok()) return refuse(run.error(), code_of(run.error()));
    if (in_environment) {
        if (auto there = look_at_target(entered, run.value()->options()); !there.ok()) {
            return refuse(there.error(), ExitCode::gate_invalid);
        }
    }
    if (const auto& thresholds = run.value()->options().thresholds) {
        live.judge_by("thresholds", live_thresholds(*thresholds));
    }
    return finish(*run.value(), flags, terminal, entered, repetition.is_short);
}

}  // namespace weir::app

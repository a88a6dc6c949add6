// `weir run`: a journey, its summary, its thresholds, k6's exit codes.
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <sstream>

#include "app/command.h"
#include "app/process_environment.h"
#include "app/result_directory.h"
#include "app/run_flags.h"
#include "app/run_id.h"
#include "app/script_run.h"
#include "app/summary_output.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/random.h"
#include "gate/decision.h"
#include "judge/judge.h"
#include "plan/parse_options.h"
#include "record/codec.h"

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

base::Result<ScriptRunRequest> request_from(const RunFlags& flags, const Terminal& terminal) {
    ScriptRunRequest request;
    request.run_id = new_run_id();
    request.script = flags.script;
    if (flags.script == "-") {
        request.script = "stdin.js";
        request.entry_text = std::string(std::istreambuf_iterator<char>(std::cin), {});
    }
    if (flags.include_system_env) request.env = process_environment();
    for (const auto& [name, value] : flags.env) request.env[name] = value;
    request.tiers.flags = flags.options;
    TRY(request.tiers.environment, plan::options_from_environment(environment_variable));
    if (!flags.config.empty()) {
        TRY(const auto text, read_file(flags.config));
        auto parsed = plan::parse_options_json(text);
        if (!parsed.ok()) return base::within(flags.config, parsed.error());
        request.tiers.file = std::move(parsed).value();
    }
    request.log = terminal_log(terminal, flags.verbose ? base::Level::debug : base::Level::info);
    request.console = request.log;
    request.workers = flags.workers;
    request.seed = base::entropy();
    request.outputs = flags.outputs;
    request.thresholds = !flags.no_thresholds;
    request.on_progress = progress_line(terminal);
    return request;
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

base::Result<void> keep(const RunFlags& flags,
                        const record::RunRecord& record,
                        const judge::Criteria& criteria,
                        const record::Verdict& verdict) {
    if (flags.results.empty()) return {};
    TRY(const auto directory, ResultDirectory::make(flags.results, record.run_id));
    TRY_VOID(record::write_record(directory.file("record.json"), record));
    TRY_VOID(directory.write("criteria.json", judge::encode(criteria)));
    return directory.write("verdict.json", record::encode(verdict));
}

ExitCode finish(ScriptRun& run, const RunFlags& flags, const Terminal& terminal) {
    const record::RunRecord record = run.execute();
    if (terminal.error_is_tty && !terminal.quiet) print_error("\r\x1b[K");
    if (run.init_error()) {
        print_error(run.init_error()->text + "\n");
        return ExitCode::script_exception;
    }
    const judge::Criteria criteria = criteria_from(run, flags);
    const record::Verdict verdict = judge::judge(record, criteria);
    const auto written =
        write_summary(run, record,
                      {.settings = summary_settings(run.options(), terminal, flags.strict_compat),
                       .mode = flags.summary_mode,
                       .export_file = flags.summary_export},
                      terminal);
    if (!written.ok()) print_error("error: " + written.error().text + "\n");
    const auto kept = keep(flags, record, criteria, verdict);
    if (!kept.ok()) print_error("error: " + kept.error().text + "\n");
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
    const ExitCode code = with_teardown(
        gate::exit_code_of(record, holds(verdict, flags.strict_compat)), run.teardown_error());
    return code == ExitCode::ok && !(written.ok() && kept.ok()) ? ExitCode::gate_error : code;
}

}  // namespace

ExitCode run_command(const Arguments& arguments) {
    auto flags = parse_run_flags(arguments);
    if (!flags.ok()) {
        const std::string& text = flags.error().text;
        print_error(text.ends_with('\n') ? text : "error: " + text + "\n");
        return ExitCode::usage;
    }
    if (!flags.value().help.empty()) {
        print(flags.value().help);
        return ExitCode::ok;
    }
    const Terminal terminal = detect_terminal(flags.value().no_color, flags.value().quiet);
    auto request = request_from(flags.value(), terminal);
    if (!request.ok()) {
        print_error("error: " + request.error().text + "\n");
        return ExitCode::invalid_config;
    }
    auto run = ScriptRun::prepare(std::move(request).value());
    if (!run.ok()) {
        print_error("error: " + run.error().text + "\n");
        return code_of(run.error());
    }
    return finish(*run.value(), flags.value(), terminal);
}

}  // namespace weir::app

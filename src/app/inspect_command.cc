// `weir inspect`, `weir schema`: what a run would be, without sending anything.
#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/gate_suite.h"
#include "app/notify/notices_text.h"
#include "app/process_environment.h"
#include "app/script_run.h"
#include "app/telemetry/telemetry_text.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/json.h"
#include "base/units.h"
#include "plan/parse_options.h"
#include "weir_app_embedded.h"

namespace weir::app {
namespace {

using gate::ExitCode;

struct InspectFlags {
    std::string file;
    std::string environment;
    std::string config;    // weir.toml, for a script in an environment
    std::string env_file;  // of secrets
    std::vector<std::string> env;
};

ExitCode refuse(const base::Error& error, ExitCode unless_script) {
    print_error("error: " + error.text + "\n");
    return error.code == base::Code::script ? ExitCode::script_exception : unless_script;
}

std::map<std::string, std::string> pairs_of(const std::vector<std::string>& texts) {
    std::map<std::string, std::string> pairs;
    for (const auto& text : texts) {
        auto [name, value] = environment_pair(text);
        pairs[name] = std::move(value);
    }
    return pairs;
}

void speak(ScriptRunRequest& request) {
    speak_on(detect_terminal(false, true), false, request);
}

EnvironmentWishes wishes_of(const InspectFlags& flags) {
    EnvironmentWishes wishes;
    wishes.environment = flags.environment;
    wishes.variables = pairs_of(flags.env);
    wishes.env_file = flags.env_file;
    return wishes;
}

base::Result<void> enter(const InspectFlags& flags, EnvironmentRun& run) {
    EnvironmentWishes wishes = wishes_of(flags);
    wishes.file = flags.config;
    if (wishes.file.empty()) {
        TRY(wishes.file, find_suite_file(flags.file, {}));
    }
    return enter_environment(wishes, run);
}

std::string thresholds_text(const ScriptRun& run) {
    std::string text;
    if (!run.options().thresholds) return text;
    for (const auto& set : *run.options().thresholds) {
        for (const auto& each : set.thresholds) {
            text += base::format("threshold    {}: {}\n", set.key, each.source);
        }
    }
    return text;
}

/// The options that a run would have, all tiers put together, as k6's `inspect` does.
ExitCode inspect_script(const InspectFlags& flags) {
    EnvironmentRun entered;
    ScriptRunRequest& request = entered.request;
    if (flags.environment.empty()) {
        request.env = process_environment();
        for (auto& [name, value] : pairs_of(flags.env)) request.env[name] = value;
    } else if (auto done = enter(flags, entered); !done.ok()) {
        return refuse(done.error(), ExitCode::usage);
    }
    request.script = flags.file;
    speak(request);
    warn_of(entered);
    auto tier = plan::options_from_environment(environment_variable);
    if (!tier.ok()) return refuse(tier.error(), ExitCode::invalid_config);
    request.tiers.environment = std::move(tier).value();
    const auto run = ScriptRun::prepare(request);
    if (!run.ok()) return refuse(run.error(), ExitCode::invalid_config);
    auto options = base::parse_json(
        plan::write_options_json(run.value()->options(), run.value()->scenarios()));
    if (!options.ok()) return refuse(options.error(), ExitCode::invalid_config);
    print(request.evidence.secrets.redact(base::write_json(options.value(), 2)) + "\n");
    return ExitCode::ok;
}

std::string journeys_text(const GateSuite& gate) {
    std::string text;
    for (std::size_t i = 0; i < gate.suite.journeys.size(); ++i) {
        const auto& journey = gate.suite.journeys[i];
        const auto& scenario = (*gate.request.scenarios)[i];
        text += base::format(
            "journey      {} ({}): {:.6g} a second for {}, {} to {} users\n", journey.name,
            journey.script, static_cast<double>(scenario.rate) / 1000,
            base::write_duration(scenario.duration), scenario.pre_allocated_vus, scenario.max_vus);
    }
    return text;
}

/// The whole gate but its load: configuration, secrets, scripts.
ExitCode inspect_suite(const InspectFlags& flags) {
    GateWishes wishes;
    static_cast<EnvironmentWishes&>(wishes) = wishes_of(flags);
    wishes.file = flags.file;
    auto loaded = load_gate_suite(wishes);
    if (!loaded.ok()) return refuse(loaded.error(), ExitCode::usage);
    GateSuite& gate = *loaded.value();
    speak(gate.request);
    warn_of(gate);
    const auto run = ScriptRun::prepare(gate.request);
    if (!run.ok()) return refuse(run.error(), ExitCode::usage);
    std::string text = journeys_text(gate);
    text += base::format("environment  {}: {}\n",
                         gate.environment.name.empty() ? "(none)" : gate.environment.name,
                         gate.environment.base_url);
    for (const auto& each : gate.suite.sign_in) {
        text += base::format("sign-in      {} {}\n", each.method, each.url);
    }
    for (const auto& each : gate.suite.conditions) {
        text +=
            base::format("condition    {}, {} samples or more\n", each.text(), each.min_samples);
    }
    text += thresholds_text(*run.value());
    text += notices_text(gate.suite, gate.environment, flags.file);
    text += telemetry_text(gate.suite.telemetry, flags.file);
    print(gate.request.evidence.secrets.redact(text));
    return ExitCode::ok;
}

}  // namespace

ExitCode inspect_command(const Arguments& arguments) {
    InspectFlags flags;
    CLI::App app(
        "Check a script, or weir.toml with its scripts, and show what a run would be. Sends "
        "nothing.",
        "weir inspect");
    app.add_option("file", flags.file, "a k6 script, or a configuration that ends in .toml")
        ->required();
    app.add_option("--env", flags.environment, "environment of the configuration");
    app.add_option("-c,--config", flags.config, "weir.toml, for a script with --env");
    app.add_option("--env-file", flags.env_file,
                   "file of secrets, instead of .env beside the configuration");
    app.add_option("-e,--set", flags.env, "NAME=value in __ENV");
    if (const auto early = read_arguments(app, arguments)) return *early;
    return flags.file.ends_with(".toml") ? inspect_suite(flags) : inspect_script(flags);
}

ExitCode schema_command(const Arguments& arguments) {
    const bool of_report = arguments == Arguments{"--report"};
    if (!arguments.empty() && !of_report) {
        print_error(
            "usage: weir schema [--report]\n\nPrints the JSON Schema of weir.toml, for editors; "
            "with --report that of weir report's JSON.\n");
        return arguments.front() == "--help" ? ExitCode::ok : ExitCode::usage;
    }
    print(of_report ? embedded::report_schema_json : embedded::weir_schema_json);
    return ExitCode::ok;
}

}  // namespace weir::app

#include "app/run_flags.h"

#include <algorithm>
#include <array>
#include <sstream>

#include <CLI/CLI.hpp>

#include "app/process_environment.h"
#include "base/format.h"
#include "plan/json_reader.h"
#include "plan/parse_options.h"
#include "plan/telemetry/telemetry_variables.h"

namespace weir::app {
namespace {

/// A flag whose value is one of k6's options.
struct OptionFlag {
    const char* flags;
    const char* option;
    const char* what;
    bool is_switch = false;
};

constexpr std::array option_flags{
    OptionFlag{"-u,--vus", "vus", "number of virtual users"},
    OptionFlag{"-d,--duration", "duration", "how long, such as 30s"},
    OptionFlag{"-i,--iterations", "iterations", "iterations in all, shared among users"},
    OptionFlag{"--max-redirects", "maxRedirects", "redirects to follow"},
    OptionFlag{"--batch", "batch", "requests of one batch at a time"},
    OptionFlag{"--batch-per-host", "batchPerHost", "the same, for one host"},
    OptionFlag{"--rps", "rps", "requests per second at most"},
    OptionFlag{"--user-agent", "userAgent", "User-Agent header"},
    OptionFlag{"--min-iteration-duration", "minIterationDuration", "shortest iteration"},
    OptionFlag{"--blacklist-ip", "blacklistIPs", "addresses never called, comma-separated"},
    OptionFlag{"--block-hostnames", "blockHostnames", "host names never called, comma-separated"},
    OptionFlag{"--summary-trend-stats", "summaryTrendStats", "such as avg,p(95),p(99.9)"},
    OptionFlag{"--summary-time-unit", "summaryTimeUnit", "s, ms or us"},
    OptionFlag{"--system-tags", "systemTags", "system tags to keep, comma-separated"},
    OptionFlag{"--local-ips", "localIPs", "local addresses to send from"},
    OptionFlag{"--dns", "dns", "ttl=5m,select=random,policy=preferIPv4"},
    OptionFlag{"--http-debug", "httpDebug",
               "show exchanges, without credentials; =full: bodies, too", true},
    OptionFlag{"--no-setup", "noSetup", "do not run setup()", true},
    OptionFlag{"--no-teardown", "noTeardown", "do not run teardown()", true},
    OptionFlag{"--insecure-skip-tls-verify", "insecureSkipTLSVerify", "accept any certificate",
               true},
    OptionFlag{"--no-connection-reuse", "noConnectionReuse", "a connection for each request", true},
    OptionFlag{"--no-vu-connection-reuse", "noVUConnectionReuse", "connections end with iterations",
               true},
    OptionFlag{"-w,--throw", "throw", "failed requests throw", true},
    OptionFlag{"--discard-response-bodies", "discardResponseBodies", "keep no bodies", true},
};

/// What CLI11 fills; options are set one by one afterwards, so that errors are ours.
struct Raw {
    std::array<std::string, option_flags.size()> values;
    std::vector<std::string> stages;
    std::vector<std::string> tags;
    std::vector<std::string> env;
    std::vector<std::string> long_env;  // of --env: NAME=value, or an environment's name
    std::vector<std::string> configs;
    std::vector<std::string> outputs;
    bool include_system_env = true;
    std::string ignored;
    bool ignored_switch = false;
};

void declare(CLI::App& app, RunFlags& flags, Raw& raw) {
    app.add_option("script", flags.script, "journey to run; - reads standard input")->required();
    for (std::size_t i = 0; i < option_flags.size(); ++i) {
        const auto& each = option_flags[i];
        if (each.is_switch)
            app.add_flag(each.flags, raw.values[i], each.what);  // "true", or what follows =
        else
            app.add_option(each.flags, raw.values[i], each.what);
    }
    app.add_option("-s,--stage", raw.stages, "ramp: duration:target, may be repeated");
    app.add_option("--tag", raw.tags, "name=value on every sample");
    app.add_option("-e", raw.env, "NAME=value in __ENV")->allow_extra_args(false);
    app.add_option("--env", raw.long_env,
                   "environment of weir.toml: its address, variables, secrets, marks and read-only "
                   "guard; or NAME=value, as -e")
        ->allow_extra_args(false);
    app.add_option("-c,--config", raw.configs, "JSON file with options; with --env also weir.toml")
        ->allow_extra_args(false);
    app.add_option("--env-file", flags.env_file,
                   "file of the environment's secrets, instead of .env beside weir.toml");
    app.add_flag("--allow-writes", flags.allow_writes,
                 "with --env: send requests that may change the target");
    app.add_flag("--watch", flags.watch, "run again on each save, until Ctrl-C");
    app.add_option(
        "-o,--out", raw.outputs,
        "json=FILE or csv=FILE: every sample; prometheus-rw, opentelemetry, influxdb=URL, "
        "statsd or telemetry-json=FILE: figures while the run lasts");
    app.add_flag("--no-telemetry", flags.no_telemetry, "with --env: tell no tool of [telemetry]");
    app.add_option("--summary-export", flags.summary_export, "JSON file for the summary");
    app.add_option("--summary-mode", flags.summary_mode, "compact, full or disabled")
        ->check(CLI::IsMember({"compact", "full", "disabled"}));
    app.add_option("--results", flags.results, "directory for the run's record");
    app.add_option("--workers", flags.workers, "threads that run users; 0 chooses");
    app.add_flag("--no-thresholds", flags.no_thresholds, "judge no thresholds");
    app.add_flag("--no-color", flags.no_color, "no colours");
    app.add_flag("-q,--quiet", flags.quiet, "no progress");
    app.add_flag("-v,--verbose", flags.verbose, "debug lines");
    app.add_flag("--include-system-env-vars,!--no-include-system-env-vars", raw.include_system_env,
                 "__ENV has the process' environment; by default without --env only");
    app.add_flag("--k6-strict-compat", flags.strict_compat,
                 "exactly k6: no data passes, thrown iterations pass");
    app.add_flag("--no-usage-report,-l,--linger", raw.ignored_switch, "accepted, without effect");
    app.add_option(
        "--compatibility-mode,-t,--type,--log-output,--log-format,--traces-output,--address,-a",
        raw.ignored, "accepted, without effect");
}

base::Result<std::pair<std::string, std::string>> tag_of(const std::string& text) {
    const auto equals = text.find('=');
    if (equals != std::string::npos)
        return std::pair(text.substr(0, equals), text.substr(equals + 1));
    return base::Error{base::Code::invalid, base::format("--tag wants name=value, not '{}'", text)};
}

base::Error unknown_output(const std::string& kind, const std::string& text) {
    std::vector<std::string_view> names{"json", "csv"};
    for (const auto name : plan::telemetry_output_names()) names.push_back(name);
    std::string known;
    for (const auto name : names) known += (known.empty() ? "" : ", ") + std::string(name);
    const auto near = plan::nearest(kind, names);
    return {base::Code::invalid,
            base::format("--out {}: there is no such output{}; there are {}", text,
                         near.empty() ? "" : ": did you mean " + near + "?", known)};
}

base::Result<void> read_output(const std::string& text,
                               const plan::Variables& variables,
                               RunFlags& flags) {
    const auto equals = text.find('=');
    const std::string kind = text.substr(0, equals);
    const std::string target = equals == std::string::npos ? "" : text.substr(equals + 1);
    if (kind == "json" || kind == "csv") {
        if (target.empty() || target == "-") {
            return base::Error{
                base::Code::invalid,
                base::format("--out {}: write json=FILE or csv=FILE (add .gz to compress)", text)};
        }
        flags.outputs.push_back(
            {kind == "json" ? meter::SampleFormat::json : meter::SampleFormat::csv, target});
        return {};
    }
    const auto& names = plan::telemetry_output_names();
    if (std::find(names.begin(), names.end(), kind) == names.end()) {
        return unknown_output(kind, text);
    }
    return plan::add_telemetry_output(kind, target, variables, flags.telemetry);
}

/// In the order in which they were given: of a name that comes twice the last counts.
base::Result<void> read_env(const CLI::App& app, RunFlags& flags, const Raw& raw) {
    std::size_t next = 0;
    std::size_t next_long = 0;
    for (const auto* option : app.parse_order()) {
        std::string text;
        if (option->check_name("-e")) {
            text = raw.env[next++];
        } else if (option->check_name("--env")) {
            text = raw.long_env[next_long++];
            if (text.find('=') == std::string::npos) {
                if (!flags.environment.empty() && flags.environment != text) {
                    return base::Error{
                        base::Code::invalid,
                        base::format("--env names two environments, {} and {}; a variable of this "
                                     "process goes into __ENV with -e {}",
                                     flags.environment, text, text)};
                }
                flags.environment = text;
                continue;
            }
        } else {
            continue;
        }
        auto pair = environment_pair(text);
        flags.env.insert_or_assign(std::move(pair.first), std::move(pair.second));
    }
    return {};
}

base::Result<void> read_configs(RunFlags& flags, const Raw& raw) {
    for (const auto& file : raw.configs) {
        (file.ends_with(".toml") ? flags.suite : flags.config) = file;
    }
    if (!flags.environment.empty()) return {};
    const char* const lonely = !flags.suite.empty()      ? "-c with a weir.toml"
                               : !flags.env_file.empty() ? "--env-file"
                               : flags.allow_writes      ? "--allow-writes"
                                                         : nullptr;
    if (lonely == nullptr) return {};
    return base::Error{base::Code::invalid,
                       base::format("{} needs --env NAME, the environment that is meant", lonely)};
}

base::Result<void> set_options(const CLI::App& app, RunFlags& flags, const Raw& raw) {
    for (std::size_t i = 0; i < option_flags.size(); ++i) {
        const auto& each = option_flags[i];
        const auto name = CLI::detail::split(each.flags, ',').back();
        if (app.count(name) == 0) continue;
        if (auto set = plan::set_option_text(flags.options, each.option, raw.values[i]);
            !set.ok()) {
            return base::within(name, set.error());
        }
    }
    std::string stages;
    for (const auto& stage : raw.stages) stages += (stages.empty() ? "" : ",") + stage;
    if (!stages.empty()) TRY_VOID(plan::set_option_text(flags.options, "stages", stages));
    for (const auto& text : raw.tags) {
        TRY(auto pair, tag_of(text));
        if (!flags.options.tags) flags.options.tags.emplace();
        flags.options.tags->insert_or_assign(std::move(pair.first), std::move(pair.second));
    }
    TRY_VOID(read_env(app, flags, raw));
    TRY_VOID(read_configs(flags, raw));
    if (app.count("--include-system-env-vars") > 0) {
        flags.include_system_env = raw.include_system_env;
    }
    flags.summary_mode_given = app.count("--summary-mode") > 0;
    if (flags.watch && flags.script == "-") {
        return base::Error{base::Code::invalid, "--watch wants a file, not standard input"};
    }
    if (raw.outputs.empty()) return {};
    const auto variables = process_environment();
    for (const auto& text : raw.outputs) TRY_VOID(read_output(text, variables, flags));
    return {};
}

}  // namespace

base::Result<RunFlags> parse_run_flags(const std::vector<std::string>& arguments) {
    RunFlags flags;
    Raw raw;
    CLI::App app("Run a journey and judge its thresholds.", "weir run");
    declare(app, flags, raw);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& stop) {
        std::ostringstream out;
        if (app.exit(stop, out, out) == 0) {
            flags.help = out.str();
            return flags;
        }
        return base::Error{base::Code::invalid, out.str()};
    }
    TRY_VOID(set_options(app, flags, raw));
    return flags;
}

}  // namespace weir::app

#include "app/local/environment.h"

#include "app/local/env_file.h"
#include "app/run_id.h"
#include "app/secrets/secret_value.h"
#include "app/telemetry/telemetry.h"
#include "base/format.h"
#include "base/random.h"
#include "base/url.h"
#include "base/version.h"

namespace weir::app {
namespace {

base::Result<plan::Environment> choose(const plan::Suite& suite, const EnvironmentWishes& wishes) {
    if (wishes.environment.empty()) {
        if (!suite.environments.empty()) return suite.environments.front();
        return plan::Environment{};
    }
    if (const auto* found = suite.find_environment(wishes.environment)) return *found;
    std::string known;
    for (const auto& each : suite.environments) known += (known.empty() ? "" : ", ") + each.name;
    return base::Error{base::Code::invalid,
                       base::format("{} has no environment '{}'; it has: {}", wishes.file,
                                    wishes.environment, known.empty() ? "none" : known)};
}

/// __ENV, and what of it is hidden.
base::Result<void> fill_in(const EnvironmentWishes& wishes,
                           const EnvFile& env_file,
                           EnvironmentRun& into) {
    auto& env = into.request.env;
    auto& hidden = into.request.evidence.secrets;
    env = into.environment.variables;
    for (const auto& [name, secret] : into.environment.secrets) {
        const auto said = wishes.variables.find(name);
        if (said != wishes.variables.end()) {
            env[name] = said->second;
        } else {
            if (wishes.seen && !secret.from_file.empty()) {
                wishes.seen((std::filesystem::path(into.directory) / secret.from_file).string());
            }
            TRY(env[name], secret_value(name, secret, into.directory, env_file));
        }
        hidden.add(env[name]);
    }
    hide_values(env_file, hidden);
    if (!into.environment.base_url.empty()) env["BASE_URL"] = into.environment.base_url;
    for (const auto& [name, value] : wishes.variables) env[name] = value;
    into.environment.base_url = env["BASE_URL"];
    if (into.environment.base_url.empty()) {
        return base::Error{
            base::Code::invalid,
            base::format("{}: no base_url: give the environment one, or -e BASE_URL=…",
                         wishes.file)};
    }
    if (const auto url = base::parse_url(into.environment.base_url); url.ok()) {
        hidden.add(url.value().password);
    }
    return {};
}

void apply_rules(EnvironmentRun& run) {
    run.guard.read_only = run.suite.read_only;
    for (const auto& endpoint : run.suite.sign_in) {
        run.guard.sign_in.push_back({.method = endpoint.method, .url = endpoint.url});
    }
    run.marks.run_id = run.request.run_id;
    run.marks.traceparent = run.suite.marks.traceparent;
    const std::string agent = run.suite.marks.user_agent.empty()
                                  ? base::format("weir/{}", base::version)
                                  : run.suite.marks.user_agent;
    run.marks.user_agent = base::format("{} (synthetic; run {})", agent, run.request.run_id);
    run.request.guard = &run.guard;
    run.request.marks = &run.marks;
    run.request.evidence.version_headers = run.suite.version_headers;
    run.request.evidence.instance_headers = run.suite.instance_headers;
}

/// ${NAME}: a variable of the environment.
base::Result<std::string> filled_in(std::string text,
                                    const std::map<std::string, std::string>& variables) {
    for (auto begin = text.find("${"); begin != std::string::npos; begin = text.find("${")) {
        const auto end = text.find('}', begin);
        const std::string name = text.substr(begin + 2, end - begin - 2);
        const auto found = variables.find(name);
        if (end == std::string::npos || found == variables.end()) {
            return base::Error{base::Code::invalid,
                               base::format("health_url {}: there is no variable {}", text, name)};
        }
        text.replace(begin, end - begin + 1, found->second);
    }
    return text;
}

}  // namespace

std::string EnvironmentRun::shown_base_url() const {
    return request.evidence.secrets.redact(environment.base_url);
}

base::Result<std::string> absolute_url(const EnvironmentRun& run, const std::string& text) {
    TRY(const auto base_url, base::parse_url(run.environment.base_url));
    TRY(const auto filled, filled_in(text, run.request.env));
    TRY(const auto url, base::resolve_url(filled, base_url));
    return url.href;
}

base::Result<void> enter_environment(const EnvironmentWishes& wishes, EnvironmentRun& into) {
    TRY(auto file, read_suite_file(wishes.file, wishes.seen));
    into.suite = std::move(file.suite);
    into.directory = file.directory.string();
    TRY(into.environment, choose(into.suite, wishes));
    if (wishes.seen) {
        wishes.seen(wishes.env_file.empty() ? (file.directory / ".env").string() : wishes.env_file);
    }
    TRY(const auto env_file,
        read_env_file(std::filesystem::path(wishes.file).parent_path(), wishes.env_file));
    into.warnings = env_file_warnings(env_file);
    if (into.environment.overlaid) {
        into.warnings.push_back(base::format(
            "the environment {} is as {} has it, which is yours "
            "alone{}",
            into.environment.name, file.overlay,
            is_tracked_by_git(file.overlay) ? "; but git tracks it: git rm --cached it" : ""));
    }
    into.request.run_id = new_run_id();
    into.request.seed = base::entropy();
    TRY_VOID(fill_in(wishes, env_file, into));
    into.request.tiers.flags.insecure_skip_tls_verify = into.environment.insecure_skip_tls_verify;
    apply_rules(into);
    if (wishes.telemetry && into.suite.telemetry.any()) {
        into.request.telemetry = std::make_shared<Telemetry>(into.request.run_id);
        const Telemetry::Place place{.directory = into.directory,
                                     .env_file = env_file,
                                     .hidden = into.request.evidence.secrets};
        for (auto& off : into.request.telemetry->add_usable(into.suite.telemetry, place)) {
            into.warnings.push_back(std::move(off));
        }
    }
    return {};
}

}  // namespace weir::app

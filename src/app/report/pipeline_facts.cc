#include "app/report/pipeline_facts.h"

#include <array>
#include <filesystem>
#include <string_view>

#include "app/history/remember.h"
#include "app/notify/pipeline_link.h"
#include "app/process_environment.h"
#include "base/format.h"
#include "base/units.h"

namespace weir::app {

std::string branch_of_pipeline(const Variables& variables) {
    // GitHub (of a pull request first), GitLab (likewise), CircleCI, Jenkins (likewise).
    constexpr std::array names{
        "GITHUB_HEAD_REF",    "GITHUB_REF_NAME", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
        "CI_COMMIT_REF_NAME", "CIRCLE_BRANCH",   "CHANGE_BRANCH",
        "GIT_BRANCH",         "BRANCH_NAME"};
    constexpr std::string_view remote = "origin/";
    for (const char* name : names) {
        auto value = variables(name).value_or("");
        if (value.starts_with(remote)) value.erase(0, remote.size());  // Jenkins' GIT_BRANCH
        if (!value.empty()) return value;
    }
    return {};
}

std::string name_in_repository(const std::string& file, const Variables& variables) {
    constexpr std::array roots{"GITHUB_WORKSPACE", "CI_PROJECT_DIR", "CIRCLE_WORKING_DIRECTORY",
                               "WORKSPACE"};
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(file, failed).lexically_normal();
    if (failed) return file;
    for (const char* name : roots) {
        const auto root = variables(name).value_or("");
        if (root.empty()) continue;
        const auto inside = absolute.lexically_relative(root);
        const bool within = !inside.empty() && *inside.begin() != ".." && *inside.begin() != ".";
        if (within) return inside.generic_string();
    }
    return file;
}

std::string load_words(const plan::Suite& suite, base::Nanos duration) {
    if (suite.steps.empty()) {
        return base::format(
            "{} journeys per second for {}", suite.rate,
            base::write_duration(duration > base::Nanos{} ? duration : suite.duration));
    }
    std::string words;
    for (const auto& step : suite.steps) {
        words += base::format("{}{} journeys per second for {}", words.empty() ? "" : ", then ",
                              step.rate, base::write_duration(step.duration));
    }
    return words;
}

gate::Provenance provenance_of(const EnvironmentRun& run, gate::ResultKind kind) {
    const auto& hidden = run.request.evidence.secrets;
    gate::Provenance from;
    from.kind = kind;
    from.commit = hidden.redact(commit_of_pipeline());
    from.branch = hidden.redact(branch_of_pipeline(environment_variable));
    from.pipeline_url = hidden.redact(pipeline_link());
    if (run.directory.empty()) return from;
    from.suite = run.suite.name;
    from.trace_url = hidden.redact(run.suite.report.trace_url);
    return from;
}

gate::Provenance provenance_of(const GateSuite& gate, const GateFacts& facts) {
    auto from = provenance_of(gate, gate::ResultKind::gate);
    from.config = name_in_repository(facts.config, environment_variable);
    from.condition_lines = gate.suite.condition_lines;
    from.load = load_words(gate.suite, facts.duration);
    from.commit = gate.request.evidence.secrets.redact(facts.commit);
    from.artefact = facts.artefact;
    from.attempt = facts.attempt;
    return from;
}

}  // namespace weir::app

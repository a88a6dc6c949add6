#include "app/prove/gate_trial.h"

#include <chrono>
#include <filesystem>

#include "app/prove/child.h"
#include "app/result_directory.h"
#include "base/format.h"
#include "base/json.h"
#include "gate/exit_code.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

std::string verdict_of(int code) {
    switch (static_cast<gate::ExitCode>(code)) {
        case gate::ExitCode::ok:
            return "pass";
        case gate::ExitCode::gate_failed:
            return "fail";
        case gate::ExitCode::gate_invalid:
            return "invalid";
        default:
            return "error";
    }
}

/// The newest result below: a gate that tries again leaves several.
std::string newest_in(const std::string& directory) {
    std::string newest;
    std::error_code failed;
    for (const auto& each : std::filesystem::directory_iterator(directory, failed)) {
        if (each.is_directory(failed)) newest = std::max(newest, each.path().string());
    }
    return newest;
}

std::string first_reason(const std::string& result) {
    const auto text = read_file(result + "/verdict.json");
    if (!text.ok()) return {};
    const auto json = base::parse_json(text.value());
    if (!json.ok() || !json.value().contains("reasons")) return {};
    const auto& reasons = json.value().at("reasons");
    return reasons.empty() ? std::string() : reasons.front().get<std::string>();
}

std::string last_line(const std::string& path) {
    const auto text = read_file(path);
    if (!text.ok()) return {};
    std::string_view all = text.value();
    while (all.ends_with('\n')) all.remove_suffix(1);
    return std::string(all.substr(all.rfind('\n') + 1));
}

}  // namespace

report::ProvedRun try_gate(const TrialPlan& plan,
                           const std::string& url,
                           Interruption& interruption) {
    report::ProvedRun run;
    ChildPlan child_plan{.words = {plan.weir, "gate", "-c", plan.config, "-e", "BASE_URL=" + url,
                                   "--results", plan.directory + "/gates", "--store", "",
                                   "--no-lease", "--no-telemetry", "--quiet"},
                         .directory = plan.work_directory,
                         .log = plan.directory + "/gate.log"};
    child_plan.words.insert(child_plan.words.end(), plan.more.begin(), plan.more.end());
    const auto begin = rt::SystemClock().now();
    auto child = Child::start(child_plan);
    run.verdict = "error";
    if (!child.ok()) {
        run.reason = child.error().text;
        return run;
    }
    while (!child.value().ended()) {
        if (interruption.asked()) child.value().stop();
    }
    run.took = rt::SystemClock().now() - begin;
    if (!interruption.asked()) run.verdict = verdict_of(*child.value().ended());
    run.result = newest_in(plan.directory + "/gates");
    run.reason = run.verdict == "error" ? last_line(child_plan.log) : first_reason(run.result);
    return run;
}

}  // namespace weir::app

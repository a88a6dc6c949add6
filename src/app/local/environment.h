// EnvironmentRun: an environment of weir.toml, entered: what every run in it takes over.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/local/suite_file.h"
#include "app/script_run.h"
#include "base/result.h"
#include "journey/guard.h"
#include "journey/marks.h"
#include "plan/suite.h"

namespace weir::app {

struct EnvironmentWishes {
    std::string file = "weir.toml";
    std::string environment;                       // empty: the only one, or the first
    std::map<std::string, std::string> variables;  // -e NAME=value, over the environment's
    std::string env_file;                          // empty: .env beside weir.toml, if it is there
    FileSeen seen{};
    bool telemetry = false;  // tell the tools of [telemetry] of the run
};

/// Resolved; outlives the run: `request` points to guard and marks.
struct EnvironmentRun {
    plan::Suite suite;
    plan::Environment environment;
    std::string directory;  // weir.toml's, absolute
    journey::GuardPolicy guard;
    journey::SyntheticMarks marks;
    /// __ENV, secrets, TLS, guard and marks are filled in; what is run is not.
    ScriptRunRequest request;
    /// For people, before the run: about secrets, and about a personal overlay.
    std::vector<std::string> warnings;

    /// base_url without the secrets in it: for people, results and the history.
    [[nodiscard]] std::string shown_base_url() const;
};

/// Reads weir.toml, its overlay and the .env. An output of [telemetry] that cannot be used is off,
/// which is a warning. A secret's value comes from Weir's own environment,
/// else from the .env; one that `variables` gives needs neither. The error says file:line:column,
/// or names the environments that there are.
[[nodiscard]] base::Result<void> enter_environment(const EnvironmentWishes& wishes,
                                                   EnvironmentRun& into);

/// A health_url or metrics_url as it is asked: a path is one of base_url's, ${NAME} stands for a
/// variable of the environment.
[[nodiscard]] base::Result<std::string> absolute_url(const EnvironmentRun& run,
                                                     const std::string& text);

}  // namespace weir::app

// RunFlags: the command line of `weir run`, with k6's flags and their meaning.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "meter/sample_writer.h"
#include "plan/options.h"
#include "plan/telemetry/telemetry_rules.h"

namespace weir::app {

struct RunFlags {
    std::string script;
    plan::Options options;
    std::map<std::string, std::string> env;
    std::string config;       // k6's JSON file with options
    std::string environment;  // of weir.toml; empty: none, as in k6
    std::string suite;        // weir.toml; empty: the nearest one
    std::string env_file;     // of secrets; empty: .env beside weir.toml
    std::string summary_export;
    std::string summary_mode = "compact";
    bool summary_mode_given = false;
    std::vector<meter::SampleOutput> outputs;
    plan::TelemetryRules telemetry;  // of --out
    bool no_telemetry = false;       // of weir.toml
    std::string results;
    std::size_t workers = 0;
    bool no_thresholds = false;
    bool no_color = false;
    bool quiet = false;
    bool verbose = false;
    bool strict_compat = false;
    bool allow_writes = false;  // the read-only guard is off
    bool watch = false;
    std::optional<bool> include_system_env;  // unsaid: yes without an environment, as k6; else no
    std::string help;                        // not empty: print it and end
};

/// The error names the flag and what it takes.
[[nodiscard]] base::Result<RunFlags> parse_run_flags(const std::vector<std::string>& arguments);

}  // namespace weir::app

// RunFlags: the command line of `weir run`, with k6's flags and their meaning.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "meter/sample_writer.h"
#include "plan/options.h"

namespace weir::app {

struct RunFlags {
    std::string script;
    plan::Options options;
    std::map<std::string, std::string> env;
    std::string config;
    std::string summary_export;
    std::string summary_mode = "compact";
    std::vector<meter::SampleOutput> outputs;
    std::string results;
    std::size_t workers = 0;
    bool no_thresholds = false;
    bool no_color = false;
    bool quiet = false;
    bool verbose = false;
    bool strict_compat = false;
    bool include_system_env = true;
    std::string help;  // not empty: print it and end
};

/// The error names the flag and what it takes.
[[nodiscard]] base::Result<RunFlags> parse_run_flags(const std::vector<std::string>& arguments);

}  // namespace weir::app

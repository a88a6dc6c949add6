// One gate run as a child process, against one deployment.
#pragma once

#include <string>
#include <vector>

#include "app/watch/interruption.h"
#include "base/result.h"
#include "report/prove_text.h"

namespace weir::app {

struct TrialPlan {
    std::string weir;  // this program
    std::string config;
    std::vector<std::string> more;  // further flags of `weir gate`
    std::string directory;          // where the results of all trials go
    std::string work_directory;     // the gate runs here; empty: this one
};

/// Nothing decided when interrupted: then the verdict is "error".
[[nodiscard]] report::ProvedRun try_gate(const TrialPlan& plan,
                                         const std::string& url,
                                         Interruption& interruption);

}  // namespace weir::app

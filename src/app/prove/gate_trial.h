// One gate run as a child process, against one deployment; and a stop that signals can ask for.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "report/prove_text.h"

namespace weir::app {

/// SIGINT and SIGTERM are kept back while this lives, and asked for instead.
class Interruption {
public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    /// Waits a moment for one; true from then on.
    [[nodiscard]] bool asked();

private:
    bool asked_ = false;
};

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

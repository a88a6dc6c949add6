// RunOnce: `weir run` from its flags to its exit code, one time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/run_flags.h"
#include "app/script_run.h"
#include "app/terminal.h"
#include "gate/exit_code.h"

namespace weir::app {

/// For somebody who runs it again and again: what to watch, how to end early, a summary of a few
/// lines. Empty for an ordinary run.
struct Repetition {
    std::function<void(const std::string& path)> seen;
    decltype(ScriptRunRequest::beside) beside;
    bool is_short = false;
};

struct RunEnd {
    gate::ExitCode code = gate::ExitCode::ok;
    bool by_signal = false;  // SIGINT, SIGTERM, or what `beside` ended
};

/// Prints all that there is to say.
[[nodiscard]] RunEnd run_once(const RunFlags& flags,
                              const Terminal& terminal,
                              const Repetition& repetition = {});

}  // namespace weir::app

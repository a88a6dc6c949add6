// WatchLoop: `weir run --watch`: a run after each save of what it is made of.
#pragma once

#include "app/run_flags.h"
#include "app/terminal.h"
#include "gate/exit_code.h"

namespace weir::app {

/// Until SIGINT or SIGTERM: the exit code is the last run's, or 105 when the signal cut one short.
/// A save during a run ends it as the signal would, and the next one begins. Configuration,
/// scripts and secrets that cannot be used are told, and waited for.
[[nodiscard]] gate::ExitCode watch_and_run(const RunFlags& flags, const Terminal& terminal);

}  // namespace weir::app

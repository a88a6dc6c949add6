// run_sample: the program weir-sample, for its own main and for whoever embeds it.
#pragma once

#include <span>

namespace weir::sample {

/// Runs until SIGTERM or SIGINT, whose handling it takes over in the calling thread and all it
/// starts. `arguments` without the program's name. Returns the exit code: 0 after a clean stop,
/// 1 when the service could not start, 2 when the command line is wrong.
int run_sample(std::span<char* const> arguments);

}  // namespace weir::sample

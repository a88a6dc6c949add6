// What a gate would tell to whom, for `weir inspect`.
#pragma once

#include <string>

#include "plan/suite.h"

namespace weir::app {

/// A line for each channel that is on, and one for the environment's alerts; empty when there are
/// none. A channel whose secret is not there says so. `config_file`: where weir.toml is.
[[nodiscard]] std::string notices_text(const plan::Suite& suite,
                                       const plan::Environment& environment,
                                       const std::string& config_file);

}  // namespace weir::app

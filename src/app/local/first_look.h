// First look: is the target of an environment there, before a developer's run begins?
#pragma once

#include "app/local/environment.h"
#include "base/result.h"
#include "plan/options.h"

namespace weir::app {

/// One light request to the environment's health_url, over the network as `options` have it. An
/// answer of any status will do, though a 5xx is warned of. The error says what did not answer,
/// how, and what to do about it.
[[nodiscard]] base::Result<void> look_at_target(const EnvironmentRun& run,
                                                const plan::Options& options);

}  // namespace weir::app

// Where a gate's figures would go, for `weir inspect`.
#pragma once

#include <string>

#include "plan/telemetry/telemetry_rules.h"

namespace weir::app {

/// A line for each output; one whose secret is not there says so. `config_file`: where weir.toml
/// is.
[[nodiscard]] std::string telemetry_text(const plan::TelemetryRules& rules,
                                         const std::string& config_file);

}  // namespace weir::app

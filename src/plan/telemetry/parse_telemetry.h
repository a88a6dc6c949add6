// The part of weir.toml that says where a run's figures go while it lasts: [telemetry.…].
#pragma once

#include "base/result.h"
#include "plan/telemetry/telemetry_rules.h"
#include "plan/toml_table.h"

namespace weir::plan {

/// [telemetry.…] of a file's root.
[[nodiscard]] base::Result<void> read_telemetry(TomlTable& root, TelemetryRules& rules);

}  // namespace weir::plan

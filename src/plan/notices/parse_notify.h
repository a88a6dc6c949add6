// The parts of weir.toml that say who hears of a run and which alerts are its doing.
#pragma once

#include "base/result.h"
#include "plan/suite.h"
#include "plan/toml_table.h"

namespace weir::plan {

/// environment.NAME's alerts and alert_name.
[[nodiscard]] base::Result<void> read_alerts(TomlTable& table, Environment& environment);
/// [notify.…] and [attribute], after the environments.
[[nodiscard]] base::Result<void> read_notify_parts(TomlTable& root, Suite& suite);

}  // namespace weir::plan

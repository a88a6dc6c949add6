// Preflight: one light request before the load: is the target there at all?
#pragma once

#include <string>

#include "app/gate_suite.h"
#include "base/result.h"

namespace weir::app {

/// The error says what was asked and what came: the gate is invalid then, not failed.
[[nodiscard]] base::Result<void> preflight(const GateSuite& gate);

}  // namespace weir::app

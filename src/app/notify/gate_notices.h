// A gate's run as what notices need to know of it.
#pragma once

#include <string>

#include "app/gate_suite.h"
#include "base/time.h"
#include "notify/run_window.h"

namespace weir::app {

/// From `now` to when the load and its graceful stop are planned to be over.
[[nodiscard]] notify::RunWindow window_of(const GateSuite& gate,
                                          const std::string& commit,
                                          base::WallTime now);

}  // namespace weir::app

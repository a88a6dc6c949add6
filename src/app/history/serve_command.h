// `weir history serve`: the team's page.
#pragma once

#include "app/command.h"

namespace weir::app {

/// Until SIGINT or SIGTERM, which end it at once with code 0.
[[nodiscard]] gate::ExitCode history_serve(const Arguments& arguments);

}  // namespace weir::app

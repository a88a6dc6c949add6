// Command lines: read by CLI11, told to people by us.
#pragma once

#include <optional>

#include <CLI/App.hpp>

#include "app/command.h"

namespace weir::app {

/// Nothing when the arguments were understood. Else the help or what was wrong has been printed,
/// and the command ends with the code.
[[nodiscard]] std::optional<gate::ExitCode> read_arguments(CLI::App& app,
                                                           const Arguments& arguments);

}  // namespace weir::app

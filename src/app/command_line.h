// Command lines: read by CLI11, told to people by us.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "app/command.h"
#include "base/result.h"

namespace weir::app {

/// Nothing when the arguments were understood. Else the help or what was wrong has been printed,
/// and the command ends with the code.
[[nodiscard]] std::optional<gate::ExitCode> read_arguments(CLI::App& app,
                                                           const Arguments& arguments);

/// -e NAME=value, each of them. The error names the one that is none.
[[nodiscard]] base::Result<void> read_variables(const std::vector<std::string>& texts,
                                                std::map<std::string, std::string>& into);

}  // namespace weir::app

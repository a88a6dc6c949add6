// The process' own environment variables, read before any thread starts.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace weir::app {

[[nodiscard]] std::map<std::string, std::string> process_environment();
[[nodiscard]] std::optional<std::string> environment_variable(const std::string& name);

}  // namespace weir::app

// The process' own environment variables, read before any thread starts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace weir::app {

[[nodiscard]] std::map<std::string, std::string> process_environment();
[[nodiscard]] std::optional<std::string> environment_variable(const std::string& name);
/// "NAME=value", or "NAME" alone: then its value in the environment, "" when it has none.
[[nodiscard]] std::pair<std::string, std::string> environment_pair(const std::string& text);

}  // namespace weir::app

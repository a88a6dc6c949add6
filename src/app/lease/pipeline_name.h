// Where a person finds the pipeline that a run belongs to.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace weir::app {

using Variables = std::function<std::optional<std::string>(const std::string& name)>;

/// The job's page as CircleCI, GitHub, GitLab, Jenkins and others name it in their variables; else
/// "user@host".
[[nodiscard]] std::string pipeline_name(const Variables& variables);

}  // namespace weir::app

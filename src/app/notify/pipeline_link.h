// The page of the pipeline's job that runs this, as its environment variables say.
#pragma once

#include <string>

namespace weir::app {

/// CircleCI, GitHub Actions, GitLab and Jenkins; empty elsewhere.
[[nodiscard]] std::string pipeline_link();

}  // namespace weir::app

// Annotations: a verdict as GitHub's workflow commands, shown beside the lines of weir.toml.
#pragma once

#include <string>

#include "report/material.h"

namespace weir::report {

/// A line each: the verdict, and of those conditions that are not held, of what speaks against the
/// measurement and of what became slower, ten at most of each level, as GitHub shows no more of a
/// step. A condition names its line in weir.toml when that is known. Whatever the names of requests
/// are, no further command begins. Source: GitHub documentation, "Workflow commands for GitHub
/// Actions"; escaping as in actions/toolkit, packages/core/src/command.ts.
[[nodiscard]] std::string github_annotations(const Material& material);

}  // namespace weir::report

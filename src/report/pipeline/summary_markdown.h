// The summary of a run for pull requests and job pages, as GitHub-flavoured Markdown.
#pragma once

#include <cstddef>
#include <string>

#include "report/material.h"

namespace weir::report {

/// The verdict in a sentence, its reasons, a table of conditions, what changed against the
/// baseline, the slowest requests, and who should look. Ends with a line break. Whatever the names
/// of requests are, they stay text. About 200 KiB at most: long lists are cut, and it is said so.
[[nodiscard]] std::string summary_markdown(const Material& material);

}  // namespace weir::report

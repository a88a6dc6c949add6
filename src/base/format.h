// fmt behind one header of ours, so that one place decides how text is formatted.
#pragma once

#include <string>

#include <fmt/format.h>

namespace weir::base {

/// `format("{} of {}", 1, 2)`. The format string is checked when it is compiled.
using fmt::format;

}  // namespace weir::base

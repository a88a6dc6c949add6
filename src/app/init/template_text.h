// fill(): "@NAME@" in a text becomes a value.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::app::init {

using Values = std::map<std::string, std::string, std::less<>>;

/// A name is capitals, digits and "_", at least two; other "@" stay as they are ("actions/x@v4").
/// A value is put in as it is, and not looked at again. The error names a variable without a value
/// and its line.
[[nodiscard]] base::Result<std::string> fill(std::string_view text, const Values& values);

}  // namespace weir::app::init

// The version that this build reports and sends as its User-Agent.
#pragma once

#include <string_view>

namespace weir::base {

inline constexpr std::string_view version = "0.1.0";

}  // namespace weir::base

// The version that this build reports.
#pragma once

#include <string_view>

namespace weir::app {

inline constexpr std::string_view version = "0.1.0";

}  // namespace weir::app

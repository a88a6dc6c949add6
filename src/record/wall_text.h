// WallText: civil time (UTC) as RFC 3339 with nanoseconds, and back.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace weir::record {

/// "2026-11-23T23:50:54.000000001Z": always nine digits, so that it is lossless and sorts as text.
[[nodiscard]] std::string to_text(base::WallTime wall);
/// Exactly that form.
[[nodiscard]] base::Result<base::WallTime> wall_from_text(std::string_view text);

}  // namespace weir::record

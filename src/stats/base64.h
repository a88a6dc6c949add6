// Base64 (RFC 4648, standard alphabet, padded), for encoded histograms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir::stats {

[[nodiscard]] std::string to_base64(const std::vector<std::uint8_t>& bytes);
/// Padding is required, white space refused.
[[nodiscard]] base::Result<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace weir::stats

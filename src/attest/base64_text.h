// Base64 text in its one canonical form, as envelopes hold it. For this layer's .cc files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "stats/base64.h"

namespace weir::attest {

[[nodiscard]] inline std::string base64_of(std::string_view bytes) {
    return stats::to_base64({bytes.begin(), bytes.end()});
}

/// Bits that belong to no byte must be zero, so that no two texts mean the same bytes.
[[nodiscard]] inline base::Result<std::string> bytes_of_base64(std::string_view text) {
    TRY(const auto bytes, stats::from_base64(text));
    if (stats::to_base64(bytes) != text) {
        return base::Error{base::Code::invalid, "not base64 text in its canonical form"};
    }
    return std::string(bytes.begin(), bytes.end());
}

}  // namespace weir::attest

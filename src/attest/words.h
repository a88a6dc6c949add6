// Words: pieces of the sentences that say why something was refused. For this layer's .cc files.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace weir::attest {

/// "5 ms", "40 s", "12 min", "3 h 5 min", "2 days"; for durations from 0.
[[nodiscard]] std::string words_for(base::Nanos duration);
/// Text that somebody else wrote, safe to show: control characters as "?", 120 bytes at most.
[[nodiscard]] std::string shown(std::string_view text);
/// The beginning of a digest, as texts show it: "sha256:0123456789ab…".
[[nodiscard]] std::string shown_digest(std::string_view sha256);

}  // namespace weir::attest

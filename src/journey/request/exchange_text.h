// Exchange text: one hop for people who look for a mistake: what was sent, what came, how long each
// part took.
#pragma once

#include <cstddef>
#include <string>

#include "base/time.h"
#include "http/session.h"

namespace weir::plan {
class Secrets;
}
namespace weir::journey {

struct ExchangeView {
    bool bodies = false;
    base::Nanos lateness{};                  // from due to start; of the first hop
    const plan::Secrets* secrets = nullptr;  // null: none
};

/// Bodies are shown decoded, up to so many bytes.
inline constexpr std::size_t body_shown_most = 16UL * 1024;

/// Request line and headers as they go over the wire, status and headers that came, then timings,
/// sizes and the connection. Nothing secret is in it (masking.h, and the run's own secrets).
/// Control characters do not reach a terminal; what is no text is said to be so.
[[nodiscard]] std::string exchange_text(const http::Hop& hop, const ExchangeView& view);

}  // namespace weir::journey

// Redirects: the request that follows a 3xx answer.
#pragma once

#include <string>

#include "base/result.h"
#include "http/message.h"

namespace weir::http {

/// What the first request of a chain was, as far as later ones go by it.
struct ChainStart {
    std::string host;
    bool own_referer = false;  // it had a Referer; else each hop names the one before
};

/// The answer sends us elsewhere: 301, 302, 303, 307 or 308 with a Location.
[[nodiscard]] bool is_redirect(const Exchange& answer) noexcept;

/// The request to send next, from the one that was answered. The error says why the Location cannot
/// be followed. Source: RFC 9110 §15.4, Go's net/http for what it leaves open: Referer, Host, and
/// that credentials stay with the first host and those below it.
[[nodiscard]] base::Result<Request> redirected(Request from,
                                               const Exchange& answer,
                                               const ChainStart& start);

}  // namespace weir::http

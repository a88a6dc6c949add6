// Session: one logical request: cookies, redirects and authentication around Client::send, hop by
// hop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/client.h"
#include "http/cookie_jar.h"
#include "http/message.h"

namespace weir::http {

/// How the credentials in a URL ("https://user:secret@host/") are used. ntlm: the answer is a
/// failure that says that it is not supported.
enum class Auth : std::uint8_t { none, basic, digest, ntlm };  // none: Basic, as browsers do

struct FetchSettings {
    SendSettings send{};
    int redirects_max = 10;  // 0: return the 3xx itself
    Auth auth = Auth::none;
    CookieJar* jar = nullptr;       // filled and read at each hop
    std::vector<Header> cookies{};  // of this request only, before the jar's
    bool decompress = true;
    /// Asked before each hop is sent: the read-only guard and the synthetic marks live behind it.
    /// Returning false ends the chain before sending; nullptr: everything may be sent.
    std::function<bool(Request& hop)> before_hop{};
};

/// One hop as it was sent and what came of it; metrics are emitted for each (k6 does so too).
struct Hop {
    Request request;
    Exchange exchange;
    bool challenge = false;  // a 401 whose digest challenge the next hop answers: no failure
};

/// Never empty: the last hop is the answer. Redirect rules: RFC 9110 §15.4 as Go's net/http applies
/// them (301/302/303 become GET without body; 307/308 keep method and body; Authorization, Cookie
/// and the request's own cookies are dropped for good when the host changes to another site's).
/// After redirects_max of them the last 3xx is the answer, with Outcome::too_many_redirects; a
/// Location that is no URL is Outcome::not_http.
[[nodiscard]] std::vector<Hop> fetch(Client& client, Request first, FetchSettings& settings);

}  // namespace weir::http

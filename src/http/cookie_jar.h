// CookieJar: one user's cookies, matched and stored as RFC 6265 says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/url.h"

namespace weir::http {

struct Cookie {
    std::string name;
    std::string value;   // without the quotes it came in
    std::string domain;  // without leading dot; empty: the host that sets it, and only that
    std::string path = "/";
    std::optional<base::WallTime> expires;  // by Max-Age or Expires; none: lasts as the jar does
    int max_age = 0;                        // seconds as received; 0 when absent, -1 for "at once"
    bool host_only = true;
    bool secure = false;
    bool http_only = false;
    bool quoted = false;  // came as name="value", and goes back so
};

/// Parses one Set-Cookie value (RFC 6265 §5.2); nullopt if it is not a cookie at all. SameSite and
/// what else is unknown is passed over.
[[nodiscard]] std::optional<Cookie> parse_set_cookie(std::string_view value, base::WallTime now);
/// A date as servers write it in Expires (RFC 6265 §5.1.1); nullopt if it is none. Those beyond the
/// year 2200 are of that year.
[[nodiscard]] std::optional<base::WallTime> parse_cookie_date(std::string_view text);

/// `host` is `domain` or below it; an address only ever is itself (RFC 6265 §5.1.3).
[[nodiscard]] bool domain_matches(std::string_view host, std::string_view domain) noexcept;

/// Holds at most 3,000 cookies, 180 a domain, of at most 4 KiB; then the oldest go.
class CookieJar {
public:
    /// Stores what a response to `url` set; a cookie that is expired removes the one it replaces.
    /// Refused: cookies for another site's domain, for a whole top-level domain, or too large.
    void store(Cookie cookie, const base::Url& url, base::WallTime now);
    /// Those to send to `url`, longest path first, then oldest first.
    [[nodiscard]] std::vector<const Cookie*> matching(const base::Url& url,
                                                      base::WallTime now) const;
    /// "a=1; b=2" appended to `out`; false when there is none.
    bool append_header(const base::Url& url, base::WallTime now, std::string& out) const;
    void erase(const base::Url& url, std::string_view name);
    void clear(const base::Url& url);
    void clear_all() noexcept { cookies_.clear(); }
    [[nodiscard]] bool empty() const noexcept { return cookies_.empty(); }

private:
    void make_room(std::string_view domain);

    std::vector<Cookie> cookies_;  // oldest first
};

}  // namespace weir::http

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
    std::string value;
    std::string domain;  // without leading dot
    std::string path = "/";
    std::optional<base::WallTime> expires;
    int max_age = 0;  // seconds as received; 0 when absent
    bool host_only = true;
    bool secure = false;
    bool http_only = false;
};

/// Parses one Set-Cookie value; nullopt if it is not a cookie at all.
[[nodiscard]] std::optional<Cookie> parse_set_cookie(std::string_view value, base::WallTime now);

class CookieJar {
public:
    /// Stores what a response to `url` set; foreign domains and public-suffix-less names are
    /// refused.
    void store(Cookie cookie, const base::Url& url, base::WallTime now);
    /// Those to send to `url`, longest path first.
    [[nodiscard]] std::vector<const Cookie*> matching(const base::Url& url,
                                                      base::WallTime now) const;
    /// "a=1; b=2" appended to `out`; false when there is none.
    bool append_header(const base::Url& url, base::WallTime now, std::string& out) const;
    void erase(const base::Url& url, std::string_view name);
    void clear(const base::Url& url);
    void clear_all() noexcept { cookies_.clear(); }
    [[nodiscard]] bool empty() const noexcept { return cookies_.empty(); }

private:
    std::vector<Cookie> cookies_;
};

}  // namespace weir::http

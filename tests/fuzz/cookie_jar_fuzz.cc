// Any lines may come as Set-Cookie: a jar that took them stays within its limits, sends only what
// is for the host, and forgets what has expired.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/url.h"
#include "http/cookie_jar.h"

namespace {

using weir::http::CookieJar;

void check(const CookieJar& jar, const weir::base::Url& url, weir::base::WallTime now) {
    const auto cookies = jar.matching(url, now);
    std::string wanted;
    std::size_t path = std::string::npos;
    for (const auto* const cookie : cookies) {
        CHECK(weir::http::domain_matches(url.host, cookie->domain));
        CHECK(!cookie->host_only || cookie->domain == url.host);
        CHECK(!cookie->name.empty() && url.path.starts_with(cookie->path));
        CHECK(!cookie->secure || url.scheme == "https");
        CHECK(!cookie->expires || *cookie->expires > now);
        CHECK(cookie->path.size() <= path);
        path = cookie->path.size();
        if (!wanted.empty()) wanted += "; ";
        const std::string quote = cookie->quoted ? "\"" : "";
        wanted += cookie->name + "=" + quote + cookie->value + quote;
    }
    std::string header;
    CHECK(jar.append_header(url, now, header) != cookies.empty());
    CHECK(header == wanted && cookies.size() <= 180 * 3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::array<weir::base::Url, 4> urls{
        weir::base::parse_url("https://www.shop.test/a/b").value(),
        weir::base::parse_url("http://shop.test/").value(),
        weir::base::parse_url("http://127.0.0.1:8080/a").value(),
        weir::base::parse_url("http://[::1]/").value()};
    weir::base::WallTime now{std::chrono::hours(24 * 365 * 55)};
    std::string_view text(reinterpret_cast<const char*>(data), size);
    CookieJar jar;
    for (std::size_t i = 0; !text.empty(); ++i) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (auto cookie = weir::http::parse_set_cookie(line, now)) {
            jar.store(std::move(*cookie), urls[i % urls.size()], now);
        }
        now += std::chrono::seconds(1);
    }
    for (const auto& url : urls) check(jar, url, now);
    const auto date = weir::http::parse_cookie_date({reinterpret_cast<const char*>(data), size});
    CHECK(!date || *date < weir::base::WallTime::max());
    return 0;
}

#include "http/cookie_jar.h"

#include <algorithm>
#include <utility>

#include "net/address.h"

namespace weir::http {
namespace {

constexpr std::size_t cookies_most = 3000;           // RFC 6265 §6.1 asks for as many at least
constexpr std::size_t cookies_of_domain_most = 180;  // as in Chrome
constexpr std::size_t cookie_bytes_most = 4096;

/// RFC 6265 §5.1.4.
bool path_matches(std::string_view request, std::string_view cookie) {
    if (!request.starts_with(cookie)) return false;
    return request.size() == cookie.size() || cookie.ends_with('/') ||
           request[cookie.size()] == '/';
}

std::string default_path(std::string_view path) {
    const auto last = path.rfind('/');
    if (last == std::string_view::npos || last == 0) return "/";
    return std::string(path.substr(0, last));
}

bool is_for_host(const Cookie& cookie, std::string_view host) {
    return cookie.host_only ? host == cookie.domain : domain_matches(host, cookie.domain);
}

bool has_expired(const Cookie& cookie, base::WallTime now) {
    return cookie.expires && *cookie.expires <= now;
}

/// Fills in what `url` stands for; false when it may not set such a cookie (RFC 6265 §5.3).
bool settle(Cookie& cookie, const base::Url& url) {
    if (cookie.name.size() + cookie.value.size() > cookie_bytes_most) return false;
    if (cookie.path.empty()) cookie.path = default_path(url.path);
    cookie.host_only = cookie.domain.empty();
    if (cookie.host_only) {
        cookie.domain = url.host;
        return true;
    }
    if (cookie.domain == url.host) return true;
    if (cookie.domain.find('.') == std::string::npos) return false;  // a whole top-level domain
    return domain_matches(url.host, cookie.domain);                  // else another site's
}

}  // namespace

bool domain_matches(std::string_view host, std::string_view domain) noexcept {
    if (host == domain) return true;
    return host.size() > domain.size() && host.ends_with(domain) &&
           host[host.size() - domain.size() - 1] == '.' && !net::IpAddress::parse(host);
}

void CookieJar::store(Cookie cookie, const base::Url& url, base::WallTime now) {
    if (!settle(cookie, url)) return;
    const auto same = std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& each) {
        return each.name == cookie.name && each.domain == cookie.domain && each.path == cookie.path;
    });
    if (same != cookies_.end()) {
        if (has_expired(cookie, now)) {
            cookies_.erase(same);
        } else {
            *same = std::move(cookie);  // as old as the one it replaces: §5.3, 11.3
        }
        return;
    }
    if (has_expired(cookie, now)) return;
    std::erase_if(cookies_, [now](const Cookie& each) { return has_expired(each, now); });
    make_room(cookie.domain);
    cookies_.push_back(std::move(cookie));
}

void CookieJar::make_room(std::string_view domain) {
    const auto in_domain = [domain](const Cookie& each) { return each.domain == domain; };
    const auto count = std::count_if(cookies_.begin(), cookies_.end(), in_domain);
    if (static_cast<std::size_t>(count) >= cookies_of_domain_most) {
        cookies_.erase(std::find_if(cookies_.begin(), cookies_.end(), in_domain));
    } else if (cookies_.size() >= cookies_most) {
        cookies_.erase(cookies_.begin());
    }
}

std::vector<const Cookie*> CookieJar::matching(const base::Url& url, base::WallTime now) const {
    std::vector<const Cookie*> found;
    for (const auto& cookie : cookies_) {
        if (has_expired(cookie, now) || (cookie.secure && url.scheme != "https")) continue;
        if (is_for_host(cookie, url.host) && path_matches(url.path, cookie.path)) {
            found.push_back(&cookie);
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Cookie* a, const Cookie* b) {
        return a->path.size() > b->path.size();
    });
    return found;
}

bool CookieJar::append_header(const base::Url& url, base::WallTime now, std::string& out) const {
    if (cookies_.empty()) return false;
    bool any = false;
    for (const auto* cookie : matching(url, now)) {
        if (!out.empty()) out += "; ";
        const std::string_view quote = cookie->quoted ? "\"" : "";
        out.append(cookie->name).append(1, '=').append(quote).append(cookie->value).append(quote);
        any = true;
    }
    return any;
}

void CookieJar::erase(const base::Url& url, std::string_view name) {
    std::erase_if(cookies_, [&](const Cookie& each) {
        return each.name == name && is_for_host(each, url.host);
    });
}

void CookieJar::clear(const base::Url& url) {
    std::erase_if(cookies_, [&](const Cookie& each) { return is_for_host(each, url.host); });
}

}  // namespace weir::http

#include "http/cookie_jar.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>

#include "http/header_names.h"

namespace weir::http {
namespace {

constexpr std::size_t cookies_most = 3000;
constexpr std::size_t cookie_bytes_most = 4096;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

std::optional<int> number_of(std::string_view text) {
    int value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end == text.data()) return std::nullopt;
    return value;
}

/// What a cookie date has said so far; RFC 6265 §5.1.1 reads its parts in any order.
struct DateParts {
    std::optional<int> day;
    std::optional<int> month;
    std::optional<int> year;
    std::optional<std::chrono::seconds> time;
};

std::optional<std::chrono::seconds> time_of(std::string_view token) {
    const auto first = token.find(':');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = token.find(':', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto h = number_of(token.substr(0, first));
    const auto m = number_of(token.substr(first + 1));
    const auto s = number_of(token.substr(second + 1));
    if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
    return std::chrono::hours(*h) + std::chrono::minutes(*m) + std::chrono::seconds(*s);
}

std::optional<int> month_of(std::string_view token) {
    constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
    const std::string start = lower(token.substr(0, 3));
    const auto found = std::find(names.begin(), names.end(), start);
    if (found == names.end()) return std::nullopt;
    return static_cast<int>(found - names.begin()) + 1;
}

void read_token(std::string_view token, DateParts& parts) {
    if (!parts.time && (parts.time = time_of(token))) return;
    const auto number = number_of(token);
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(token.begin(), token.end(),
                         [](unsigned char c) { return std::isdigit(c) != 0; }) -
        token.begin());
    if (!parts.day && number && digits <= 2) {
        parts.day = number;
    } else if (!parts.month && !number && month_of(token)) {
        parts.month = month_of(token);
    } else if (!parts.year && number && digits >= 2 && digits <= 4) {
        parts.year = *number < 70 ? *number + 2000 : *number < 100 ? *number + 1900 : *number;
    }
}

std::optional<base::WallTime> date_of(std::string_view text) {
    DateParts parts;
    constexpr std::string_view delimiters = " \t,;-/";
    std::size_t at = 0;
    while ((at = text.find_first_not_of(delimiters, at)) != std::string_view::npos) {
        const auto end = std::min(text.find_first_of(delimiters, at), text.size());
        read_token(text.substr(at, end - at), parts);
        at = end;
    }
    if (!parts.day || !parts.month || !parts.year || !parts.time || *parts.year < 1601)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(std::min(*parts.year, 2200)),
                                           std::chrono::month(static_cast<unsigned>(*parts.month)),
                                           std::chrono::day(static_cast<unsigned>(*parts.day))};
    if (!date.ok()) return std::nullopt;
    return base::WallTime(std::chrono::sys_days(date).time_since_epoch() + *parts.time);
}

bool is_address(std::string_view host) {
    return host.find(':') != std::string_view::npos ||
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// RFC 6265 §5.1.3.
bool domain_matches(std::string_view host, std::string_view domain) {
    if (host == domain) return true;
    return host.size() > domain.size() && host.ends_with(domain) &&
           host[host.size() - domain.size() - 1] == '.' && !is_address(host);
}

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

void read_attribute(std::string_view name,
                    std::string_view value,
                    base::WallTime now,
                    Cookie& cookie) {
    if (same_name(name, "Expires")) {
        if (const auto date = date_of(value); date && cookie.max_age == 0) cookie.expires = date;
    } else if (same_name(name, "Max-Age")) {
        const auto seconds = number_of(value);
        if (!seconds) return;
        cookie.max_age = *seconds > 0 ? *seconds : -1;
        cookie.expires = *seconds > 0 ? now + std::chrono::seconds(*seconds) : base::WallTime{};
    } else if (same_name(name, "Domain")) {
        while (value.starts_with('.')) value.remove_prefix(1);
        cookie.domain = lower(value);
        cookie.host_only = cookie.domain.empty();
    } else if (same_name(name, "Path")) {
        cookie.path = value.starts_with('/') ? std::string(value) : std::string();
    } else if (same_name(name, "Secure")) {
        cookie.secure = true;
    } else if (same_name(name, "HttpOnly")) {
        cookie.http_only = true;
    }
}

}  // namespace

std::optional<Cookie> parse_set_cookie(std::string_view value, base::WallTime now) {
    if (value.size() > 4 * cookie_bytes_most) return std::nullopt;
    Cookie cookie;
    cookie.path.clear();
    const auto end = value.find(';');
    const auto pair = value.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    cookie.name = std::string(trimmed(pair.substr(0, equals)));
    auto text = trimmed(pair.substr(equals + 1));
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    cookie.value = std::string(text);
    if (cookie.name.empty() || cookie.name.size() + cookie.value.size() > cookie_bytes_most) {
        return std::nullopt;
    }
    auto rest = end == std::string_view::npos ? std::string_view() : value.substr(end + 1);
    while (!rest.empty()) {
        const auto next = rest.find(';');
        const auto attribute = rest.substr(0, next);
        const auto is = attribute.find('=');
        read_attribute(
            trimmed(attribute.substr(0, is)),
            is == std::string_view::npos ? std::string_view() : trimmed(attribute.substr(is + 1)),
            now, cookie);
        if (next == std::string_view::npos) break;
        rest.remove_prefix(next + 1);
    }
    return cookie;
}

void CookieJar::store(Cookie cookie, const base::Url& url, base::WallTime now) {
    if (cookie.domain.empty()) {
        cookie.domain = url.host;
        cookie.host_only = true;
    } else if (!domain_matches(url.host, cookie.domain)) {
        return;  // another site's
    } else if (cookie.domain.find('.') == std::string::npos && cookie.domain != url.host) {
        return;  // a whole top-level domain
    }
    if (cookie.path.empty()) cookie.path = default_path(url.path);
    std::erase_if(cookies_, [&](const Cookie& each) {
        const bool same =
            each.name == cookie.name && each.domain == cookie.domain && each.path == cookie.path;
        return same || (each.expires && *each.expires <= now);
    });
    if (cookie.expires && *cookie.expires <= now) return;
    if (cookies_.size() >= cookies_most) cookies_.erase(cookies_.begin());
    cookies_.push_back(std::move(cookie));
}

std::vector<const Cookie*> CookieJar::matching(const base::Url& url, base::WallTime now) const {
    std::vector<const Cookie*> found;
    for (const auto& cookie : cookies_) {
        if (cookie.expires && *cookie.expires <= now) continue;
        if (cookie.secure && url.scheme != "https") continue;
        const bool domain =
            cookie.host_only ? url.host == cookie.domain : domain_matches(url.host, cookie.domain);
        if (domain && path_matches(url.path, cookie.path)) found.push_back(&cookie);
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
        out.append(cookie->name).append("=").append(cookie->value);
        any = true;
    }
    return any;
}

void CookieJar::erase(const base::Url& url, std::string_view name) {
    std::erase_if(cookies_, [&](const Cookie& each) {
        return each.name == name && domain_matches(url.host, each.domain);
    });
}

void CookieJar::clear(const base::Url& url) {
    std::erase_if(cookies_,
                  [&](const Cookie& each) { return domain_matches(url.host, each.domain); });
}

}  // namespace weir::http

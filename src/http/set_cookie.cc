#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <system_error>

#include "http/cookie_jar.h"
#include "http/header_names.h"

namespace weir::http {
namespace {

constexpr std::size_t cookie_bytes_most = 4096;  // of name and value; RFC 6265 §6.1
constexpr int year_most = 2200;                  // well within what nanoseconds can say

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

/// RFC 6265 §5.1.1: delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
bool is_date_delimiter(char c) noexcept {
    return c == '\t' || (c >= 0x20 && c <= 0x2F) || (c >= 0x3B && c <= 0x40) ||
           (c >= 0x5B && c <= 0x60) || (c >= 0x7B && c <= 0x7E);
}

/// Takes `least` to `most` digits from the front; nothing when there are fewer or more.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto digits = static_cast<std::size_t>(end - text.begin());
    if (digits < least || digits > most) return std::nullopt;
    int number = 0;
    for (const char c : text.substr(0, digits)) number = number * 10 + (c - '0');
    text.remove_prefix(digits);
    return number;
}

/// What a cookie date has said so far; its parts come in any order.
struct DateParts {
    std::optional<int> day;
    std::optional<int> month;
    std::optional<int> year;
    std::optional<std::chrono::seconds> time;
};

/// hh:mm:ss, anything may follow.
std::optional<std::chrono::seconds> time_of(std::string_view token) {
    const auto hour = take_number(token, 1, 2);
    if (!hour || !token.starts_with(':')) return std::nullopt;
    token.remove_prefix(1);
    const auto minute = take_number(token, 1, 2);
    if (!minute || !token.starts_with(':')) return std::nullopt;
    token.remove_prefix(1);
    const auto second = take_number(token, 1, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    return std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

std::optional<int> month_of(std::string_view token) {
    constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (same_name(token.substr(0, 3), names[i])) return static_cast<int>(i) + 1;
    }
    return std::nullopt;
}

std::optional<int> year_of(std::string_view token) {
    const auto year = take_number(token, 2, 4);
    if (!year) return std::nullopt;
    if (*year < 70) return *year + 2000;
    return *year < 100 ? *year + 1900 : *year;
}

void read_token(std::string_view token, DateParts& parts) {
    if (!parts.time && (parts.time = time_of(token))) return;
    if (std::string_view rest = token; !parts.day && (parts.day = take_number(rest, 1, 2))) return;
    if (!parts.month && (parts.month = month_of(token))) return;
    if (!parts.year) parts.year = year_of(token);
}

/// A number of seconds with an optional sign; too large ones are as large as can be.
std::optional<int> seconds_of(std::string_view text) {
    const bool negative = text.starts_with('-');
    const auto digits = text.substr(negative ? 1 : 0);
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    int value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec == std::errc::result_out_of_range) value = std::numeric_limits<int>::max();
    return negative ? -value : value;
}

void read_attribute(std::string_view name,
                    std::string_view value,
                    base::WallTime now,
                    Cookie& cookie) {
    if (same_name(name, "Expires")) {
        // Max-Age goes first, wherever it stands.
        if (const auto date = parse_cookie_date(value); date && cookie.max_age == 0) {
            cookie.expires = date;
        }
    } else if (same_name(name, "Max-Age")) {
        const auto seconds = seconds_of(value);
        if (!seconds) return;
        cookie.max_age = *seconds > 0 ? *seconds : -1;
        cookie.expires = *seconds > 0 ? now + std::chrono::seconds(*seconds) : base::WallTime{};
    } else if (same_name(name, "Domain")) {
        if (value.starts_with('.')) value.remove_prefix(1);
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

std::optional<base::WallTime> parse_cookie_date(std::string_view text) {
    DateParts parts;
    while (!text.empty()) {
        const auto begin = std::find_if_not(text.begin(), text.end(), is_date_delimiter);
        const auto end = std::find_if(begin, text.end(), is_date_delimiter);
        if (begin != end) read_token({&*begin, static_cast<std::size_t>(end - begin)}, parts);
        text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
    if (!parts.day || !parts.month || !parts.year || !parts.time) return std::nullopt;
    if (*parts.year < 1601) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(std::clamp(*parts.year, 1700, year_most)),
        std::chrono::month(static_cast<unsigned>(*parts.month)),
        std::chrono::day(static_cast<unsigned>(*parts.day))};
    if (!date.ok()) return std::nullopt;
    return base::WallTime(std::chrono::sys_days(date).time_since_epoch() + *parts.time);
}

std::optional<Cookie> parse_set_cookie(std::string_view value, base::WallTime now) {
    Cookie cookie;
    cookie.path.clear();
    const auto end = std::min(value.find(';'), value.size());
    const auto pair = value.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto name = trimmed(pair.substr(0, equals));
    auto text = trimmed(pair.substr(equals + 1));
    if (name.empty() || name.size() + text.size() > cookie_bytes_most) return std::nullopt;
    cookie.quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    if (cookie.quoted) text = text.substr(1, text.size() - 2);
    cookie.name = name;
    cookie.value = text;
    auto rest = value.substr(end);
    while (!rest.empty()) {
        rest.remove_prefix(1);  // the ';'
        const auto attribute = rest.substr(0, rest.find(';'));
        const auto is = std::min(attribute.find('='), attribute.size());
        read_attribute(trimmed(attribute.substr(0, is)),
                       trimmed(attribute.substr(std::min(is + 1, attribute.size()))), now, cookie);
        rest.remove_prefix(attribute.size());
    }
    return cookie;
}

}  // namespace weir::http

#include "base/url.h"

#include <charconv>

#include <ada.h>

#include "base/format.h"

namespace weir::base {
namespace {

constexpr std::size_t quoted_max = 200;

/// Fit for a message: no user, no password, not endless.
std::string quoted(std::string_view text) {
    const auto slashes = text.find("//");
    const std::size_t begin = slashes == std::string_view::npos ? 0 : slashes + 2;
    const auto end = text.find_first_of("/?#\\", begin);
    const auto at = text.substr(0, end).rfind('@');
    std::string made(text);
    if (at != std::string_view::npos && at >= begin) made.erase(begin, at + 1 - begin);
    if (made.size() > quoted_max) made = made.substr(0, quoted_max) + "…";
    return "'" + made + "'";
}

bool has_scheme(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    for (const char c : text.substr(0, colon)) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!letter && (!other || &c == text.data())) return false;
    }
    return true;
}

Error unreadable(std::string_view text) {
    if (text.empty()) return {Code::invalid, "the URL is empty"};
    // "localhost:8080/x" reads as the scheme "localhost": mostly the scheme was forgotten.
    if (!has_scheme(text)) {
        return {Code::invalid,
                format("not a URL: {} has no scheme; write http:// or https:// before it",
                       quoted(text))};
    }
    return {Code::invalid,
            format("not a URL: {} has no host, or a host or port that is not valid", quoted(text))};
}

Url taken_apart(const ada::url_aggregator& from) {
    Url made;
    made.href = from.get_href();
    made.scheme = from.get_protocol();
    if (made.scheme.ends_with(':')) made.scheme.pop_back();
    made.username = from.get_username();
    made.password = from.get_password();
    made.host = from.get_hostname();
    if (made.host.starts_with('[')) made.host = made.host.substr(1, made.host.size() - 2);
    made.path = from.get_pathname();
    made.query = from.get_search();
    made.fragment = from.get_hash();
    const std::string_view port = from.get_port();  // empty when it is the scheme's own
    made.port_is_default = port.empty();
    made.port = from.scheme_default_port();
    if (!port.empty()) std::from_chars(port.data(), port.data() + port.size(), made.port);
    return made;
}

}  // namespace

std::string Url::authority() const {
    const bool v6 = host.find(':') != std::string::npos;
    const std::string name = v6 ? "[" + host + "]" : host;
    return port_is_default ? name : format("{}:{}", name, port);
}

std::string Url::origin() const {
    return scheme + "://" + authority();
}

Result<Url> parse_url(std::string_view text) {
    const auto parsed = ada::parse<ada::url_aggregator>(text);
    if (!parsed) return unreadable(text);
    return taken_apart(*parsed);
}

Result<Url> resolve_url(std::string_view text, const Url& base) {
    const auto against = ada::parse<ada::url_aggregator>(base.href);
    if (!against) return within("resolving a link against its page", unreadable(base.href));
    const auto parsed = ada::parse<ada::url_aggregator>(text, &*against);
    if (!parsed) return unreadable(text);
    return taken_apart(*parsed);
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
    const ada::url_search_params read(query);
    std::vector<std::pair<std::string, std::string>> made;
    for (const auto& [name, value] : read) made.emplace_back(name, value);
    return made;
}

std::string query_value(std::string_view text) {
    ada::url_search_params pairs;
    pairs.append("", text);
    return pairs.to_string().substr(1);  // behind "="
}

}  // namespace weir::base

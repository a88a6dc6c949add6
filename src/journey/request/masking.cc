#include "journey/request/masking.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "http/header_names.h"
#include "journey/evidence.h"
#include "plan/secrets.h"

namespace weir::journey {
namespace {

using plan::Secrets;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

template <std::size_t n>
bool holds_any(std::string_view text, const std::array<std::string_view, n>& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return text.find(word) != std::string_view::npos;
    });
}

/// Of JSON: "code" and "key" are ordinary fields there.
bool is_secret_field(std::string_view name) {
    constexpr std::array<std::string_view, 6> words{"passw",  "passphrase", "pwd",
                                                    "secret", "token",      "credential"};
    return holds_any(lower(name), words);
}

bool is_secret_header(std::string_view lower_name) {
    constexpr std::array<std::string_view, 8> words{
        "authorization", "token", "secret", "passw", "api-key", "apikey", "session", "signature"};
    return lower_name == "x-auth" || holds_any(lower_name, words);
}

/// "name=value<separator>…": the values of those that `secret` names become the mask.
template <typename Secret>
std::string masked_pairs(std::string_view text, char separator, Secret secret) {
    std::string out;
    bool first = true;
    while (!text.empty() || first) {
        const std::string_view pair = text.substr(0, text.find(separator));
        const bool last = pair.size() == text.size();
        text.remove_prefix(last ? pair.size() : pair.size() + 1);
        if (!first) out += separator;
        first = false;
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && secret(pair.substr(0, equals))) {
            out.append(pair.substr(0, equals + 1)).append(Secrets::mask);
        } else {
            out.append(pair);
        }
        if (last) break;
    }
    return out;
}

std::string masked_cookies(std::string_view value) {
    return masked_pairs(value, ';', [](std::string_view) { return true; });
}

std::string masked_set_cookie(std::string_view value) {
    const auto end = std::min(value.find(';'), value.size());
    return masked_cookies(value.substr(0, end)).append(value.substr(end));
}

/// "Bearer abc" → "Bearer ***".
std::string masked_credentials(std::string_view value) {
    const auto blank = value.find(' ');
    const bool scheme = blank != std::string_view::npos && blank > 0;
    return std::string(scheme ? value.substr(0, blank + 1) : "").append(Secrets::mask);
}

/// The end of the JSON string that begins at `open`: behind its closing quote, or npos.
std::size_t end_of_string(std::string_view text, std::size_t open) {
    for (std::size_t at = open + 1; at < text.size(); ++at) {
        if (text[at] == '\\') {
            at += 1;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

/// Where the value of a member begins whose name ended at `at`; npos when no value follows.
std::size_t value_behind(std::string_view text, std::size_t at) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos || text[at] != ':') return std::string_view::npos;
    return text.find_first_not_of(" \t\r\n", at + 1);
}

/// As text, so that it stays as it was sent, whole or not.
std::string masked_json(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto open = text.find('"', at);
        if (open == std::string_view::npos) break;
        const auto close = end_of_string(text, open);
        if (close == std::string_view::npos) break;
        out.append(text.substr(at, close - at));
        at = close;
        if (!is_secret_field(text.substr(open + 1, close - open - 2))) continue;
        const auto value = value_behind(text, close);
        if (value == std::string_view::npos || text[value] == '{' || text[value] == '[') continue;
        out.append(text.substr(close, value - close));
        at =
            text[value] == '"' ? end_of_string(text, value) : text.find_first_of(",}] \r\n", value);
        at = std::min(at, text.size());
        out.append(1, '"').append(Secrets::mask).append(1, '"');
    }
    return out.append(text.substr(at));
}

/// Parts whose field's name speaks of secrets lose what is between their head and the next
/// boundary.
std::string masked_multipart(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (true) {
        constexpr std::string_view field = "name=\"";
        const auto found = text.find(field, at);
        if (found == std::string_view::npos) break;
        const auto begin = found + field.size();
        const auto end = std::min(text.find('"', begin), text.size());
        out.append(text.substr(at, end - at));
        at = end;
        if (!speaks_of_secrets(text.substr(begin, end - begin))) continue;
        const auto head = text.find("\r\n\r\n", end);
        if (head == std::string_view::npos) break;
        out.append(text.substr(end, head + 4 - end)).append(Secrets::mask);
        at = std::min(text.find("\r\n--", head + 4), text.size());
    }
    return out.append(text.substr(at));
}

}  // namespace

std::string masked_link(std::string_view link) {
    std::string out(link.substr(0, link.find_first_of("?#")));
    const auto scheme = out.find("//");
    if (scheme != std::string::npos && (scheme == 0 || out[scheme - 1] == ':')) {
        const auto slash = std::min(out.find('/', scheme + 2), out.size());
        const auto at = out.rfind('@', slash);
        if (at != std::string::npos && at > scheme) out.erase(scheme + 2, at - scheme - 1);
    }
    std::string_view rest = link.substr(std::min(link.find_first_of("?#"), link.size()));
    while (!rest.empty()) {
        const auto end = std::min(rest.find('#', 1), rest.size());
        out += rest.front();
        out += masked_pairs(rest.substr(1, end - 1), '&', speaks_of_secrets);
        rest.remove_prefix(end);
    }
    return out;
}

std::string masked_header(std::string_view name, std::string_view value) {
    if (http::same_name(name, "Cookie")) return masked_cookies(value);
    if (http::same_name(name, "Set-Cookie")) return masked_set_cookie(value);
    if (is_secret_header(lower(name))) return masked_credentials(value);
    const bool link = value.find("//") != std::string_view::npos ||
                      http::same_name(name, "Location") || http::same_name(name, "Referer") ||
                      http::same_name(name, "Content-Location");
    return link ? masked_link(value) : std::string(value);
}

std::string masked_body(std::string_view content_type, std::string_view body) {
    const std::string type = lower(content_type.substr(0, content_type.find(';')));
    if (type.find("x-www-form-urlencoded") != std::string::npos) {
        return masked_pairs(body, '&', speaks_of_secrets);
    }
    if (type.find("json") != std::string::npos) return masked_json(body);
    if (type.starts_with("multipart/")) return masked_multipart(body);
    return std::string(body);
}

}  // namespace weir::journey

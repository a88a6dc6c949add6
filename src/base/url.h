// Url: a WHATWG URL, taken apart once. The grammar and its edge cases are the ada library's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace weir::base {

/// Source: https://url.spec.whatwg.org. Parts are normalised (lower-case host, punycode,
/// %-escapes).
struct Url {
    std::string href;      // whole, normalised
    std::string scheme;    // "http", without the colon
    std::string username;  // percent-encoded as in href
    std::string password;
    std::string host;        // without port; IPv6 without brackets
    std::uint16_t port = 0;  // explicit or the scheme's default; 0 when there is none
    std::string path;        // "/a/b", at least "/" for http(s)
    std::string query;       // with "?", or empty
    std::string fragment;    // with "#", or empty
    bool port_is_default = true;

    /// "http://host:port" (default port left out), as in the Origin header; brackets for IPv6.
    [[nodiscard]] std::string origin() const;
    /// What the Host header carries: host[:port].
    [[nodiscard]] std::string authority() const;
    /// What an origin-form request line carries: path and query.
    [[nodiscard]] std::string target() const { return path + query; }
};

/// An absolute URL. The error quotes the text (without credentials) and says what is wrong.
[[nodiscard]] Result<Url> parse_url(std::string_view text);
/// Relative to a base, as a browser resolves a Location header or a link.
[[nodiscard]] Result<Url> resolve_url(std::string_view text, const Url& base);

/// "a=1&b=%C3%A9+x" as names and values, decoded, in order (application/x-www-form-urlencoded of
/// the URL standard). What it decodes to may be any bytes.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
/// As a value in a query (application/x-www-form-urlencoded): "a b&c" becomes "a+b%26c".
[[nodiscard]] std::string query_value(std::string_view text);

}  // namespace weir::base

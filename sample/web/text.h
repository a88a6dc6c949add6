// Text of the web: percent encoding, forms, cookies, HTML escaping (WHATWG URL, RFC 6265).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::sample {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Decodes %XX and '+' of a form or query; a broken escape stays as it stands.
std::string decode_form_text(std::string_view text);

/// Encodes all but the unreserved characters of RFC 3986.
std::string encode_uri(std::string_view text);

/// Takes "a=1&b=2" apart, in order; later duplicates are kept.
Pairs parse_form(std::string_view text);

/// Takes the value of a Cookie header apart.
Pairs parse_cookies(std::string_view header);

/// The first value under that name, or empty.
std::string_view first(const Pairs& pairs, std::string_view name);

/// Appends the text so that it is safe inside an element and inside a quoted attribute.
void escape_html(std::string_view text, std::string& out);
std::string escaped(std::string_view text);

/// The number written in the text, or the fallback when it is none or out of [1, most].
long positive(std::string_view text, long fallback, long most);

std::string lower_case(std::string_view text);

}  // namespace weir::sample

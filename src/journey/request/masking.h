// Masking: credentials taken out of exchanges before people see them, whoever made them.
#pragma once

#include <string>
#include <string_view>

namespace weir::journey {

/// A header's value without what it says to be secret: the credentials of Authorization and of
/// headers with such names (the scheme stays), the values of cookies (their names and attributes
/// stay), and credentials in the URLs of Location, Referer and the like.
[[nodiscard]] std::string masked_header(std::string_view name, std::string_view value);

/// A URL or a part of one, as text: without user:password@, and without the values of parameters,
/// in query and fragment, whose names speak of secrets.
[[nodiscard]] std::string masked_link(std::string_view link);

/// Passwords, tokens and the like in forms (both encodings) and in JSON, by the names of their
/// fields; other bodies as they are. Source: the URL Standard §5.1, RFC 7578, RFC 8259.
[[nodiscard]] std::string masked_body(std::string_view content_type, std::string_view body);

}  // namespace weir::journey

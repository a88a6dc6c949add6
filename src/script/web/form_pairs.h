// Form pairs: the name=value list of a query string, as application/x-www-form-urlencoded text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::script {

using FormPairs = std::vector<std::pair<std::string, std::string>>;

/// Source: https://url.spec.whatwg.org/#urlencoded-parsing. A leading "?" is not part of the text.
/// Bytes are percent-decoded as they are; they need not be UTF-8.
[[nodiscard]] FormPairs parse_form(std::string_view text);
/// Source: https://url.spec.whatwg.org/#urlencoded-serializing.
[[nodiscard]] std::string write_form(const FormPairs& pairs);

}  // namespace weir::script

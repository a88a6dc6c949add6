// Text for channels that read markup: escaped, and cut to the length that they take.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::notify {

/// &, < and > as entities: what Slack ("Formatting text for app surfaces") and HTML ask for.
[[nodiscard]] std::string escaped_markup(std::string_view text);
/// At most so many bytes, cut before a character of UTF-8 and marked with "…".
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

}  // namespace weir::notify

// NumberText: numbers and flags as the databases give them: text.
#pragma once

#include <charconv>
#include <string>

namespace weir::ledger {

/// 0 when it is none.
template <typename Number>
[[nodiscard]] Number number_of(const std::string& text) {
    Number value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

[[nodiscard]] inline bool flag_of(const std::string& text) {
    return text == "1";
}

}  // namespace weir::ledger

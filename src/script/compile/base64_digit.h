// The digits of Base64, as source maps use them (RFC 4648 §4).
#pragma once

namespace weir::script {

/// Its value, or -1 for what is no digit.
[[nodiscard]] constexpr int base64_digit(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

}  // namespace weir::script

#include "stats/base64.h"

#include <array>
#include <cstddef>

namespace weir::stats {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_a_digit = 64;

constexpr std::array<std::uint8_t, 256> digits = [] {
    std::array<std::uint8_t, 256> table{};
    for (auto& entry : table) entry = not_a_digit;
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}();

}  // namespace

std::string to_base64(const std::vector<std::uint8_t>& bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        std::uint32_t group = std::uint32_t{bytes[i]} << 16U;
        if (left > 1) group |= std::uint32_t{bytes[i + 1]} << 8U;
        if (left > 2) group |= bytes[i + 2];
        text += alphabet[group >> 18U];
        text += alphabet[group >> 12U & 63U];
        text += left > 1 ? alphabet[group >> 6U & 63U] : '=';
        text += left > 2 ? alphabet[group & 63U] : '=';
    }
    return text;
}

base::Result<std::vector<std::uint8_t>> from_base64(std::string_view text) {
    const base::Error bad{base::Code::invalid, "not base64 text"};
    if (text.size() % 4 != 0) return bad;
    std::size_t padding = 0;
    if (text.ends_with("==")) {
        padding = 2;
    } else if (text.ends_with('=')) {
        padding = 1;
    }
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const std::size_t used = i + 4 == text.size() ? 4 - padding : 4;
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const std::uint8_t digit =
                j < used ? digits[static_cast<std::uint8_t>(text[i + j])] : std::uint8_t{0};
            if (digit == not_a_digit) return bad;
            group = group << 6U | digit;
        }
        bytes.push_back(static_cast<std::uint8_t>(group >> 16U));
        if (used > 2) bytes.push_back(static_cast<std::uint8_t>(group >> 8U));
        if (used > 3) bytes.push_back(static_cast<std::uint8_t>(group));
    }
    return bytes;
}

}  // namespace weir::stats

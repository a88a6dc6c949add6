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
    std::size_t used = text.size();
    while (used > 0 && text.size() - used < 2 && text[used - 1] == '=') --used;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(used / 4 * 3 + 2);
    std::uint32_t bits = 0;
    int pending = 0;  // bits that are not in a byte yet
    for (const char c : text.substr(0, used)) {
        const std::uint8_t digit = digits[static_cast<std::uint8_t>(c)];
        if (digit == not_a_digit) return bad;
        bits = bits << 6U | digit;
        pending += 6;
        if (pending < 8) continue;
        pending -= 8;
        bytes.push_back(static_cast<std::uint8_t>(bits >> pending));
    }
    return bytes;
}

}  // namespace weir::stats

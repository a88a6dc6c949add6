#include "notify/markup.h"

namespace weir::notify {

std::string escaped_markup(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    constexpr std::string_view mark = "…";
    std::size_t end = most - mark.size();
    // 10xxxxxx continues a character (RFC 3629 §3).
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string(text.substr(0, end)) + std::string(mark);
}

}  // namespace weir::notify

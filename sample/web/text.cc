#include "sample/web/text.h"

#include <charconv>
#include <optional>

namespace weir::sample {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

std::optional<unsigned> hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

/// What "%41" at the start of the text stands for.
std::optional<char> escaped_byte(std::string_view text) {
    if (text.size() < 3) return std::nullopt;
    const auto high = hex_value(text[1]);
    const auto low = hex_value(text[2]);
    if (!high || !low) return std::nullopt;
    return static_cast<char>(*high * 16 + *low);
}

bool is_unreserved(char c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return alnum || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

template <typename Each>
void split(std::string_view text, char separator, Each each) {
    while (!text.empty()) {
        const auto at = text.find(separator);
        const auto part = text.substr(0, at);
        if (!part.empty()) each(part);
        if (at == std::string_view::npos) return;
        text.remove_prefix(at + 1);
    }
}

}  // namespace

std::string decode_form_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '%' ? escaped_byte(text.substr(i)) : std::nullopt;
        if (byte) i += 2;
        out += byte ? *byte : text[i] == '+' ? ' ' : text[i];
    }
    return out;
}

std::string encode_uri(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex_digits[byte >> 4U];
        out += hex_digits[byte & 15U];
    }
    return out;
}

Pairs parse_form(std::string_view text) {
    Pairs out;
    split(text, '&', [&](std::string_view part) {
        const auto equals = part.find('=');
        const auto value =
            equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
        out.emplace_back(decode_form_text(part.substr(0, equals)), decode_form_text(value));
    });
    return out;
}

Pairs parse_cookies(std::string_view header) {
    Pairs out;
    split(header, ';', [&](std::string_view part) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) return;
        out.emplace_back(trimmed(part.substr(0, equals)), trimmed(part.substr(equals + 1)));
    });
    return out;
}

std::string_view first(const Pairs& pairs, std::string_view name) {
    for (const auto& [key, value] : pairs) {
        if (key == name) return value;
    }
    return {};
}

void escape_html(std::string_view text, std::string& out) {
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
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    escape_html(text, out);
    return out;
}

long positive(std::string_view text, long fallback, long most) {
    long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && value >= 1 && value <= most ? value : fallback;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

}  // namespace weir::sample

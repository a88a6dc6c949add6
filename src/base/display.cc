#include "base/display.h"

#include <array>
#include <cstdint>
#include <utility>

#include <utf8proc.h>

#include "base/format.h"

namespace weir::base {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct Char {
    std::int32_t point = -1;  // negative: no UTF-8
    std::size_t bytes = 1;
};

Char char_at(std::string_view text, std::size_t at) noexcept {
    Char found;
    const auto read =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                         static_cast<utf8proc_ssize_t>(text.size() - at), &found.point);
    if (read <= 0) return {};
    found.bytes = static_cast<std::size_t>(read);
    return found;
}

template <typename Visit>
void each_char(std::string_view text, Visit visit) {
    for (std::size_t at = 0; at < text.size();) {
        const Char one = char_at(text, at);
        visit(one.point, text.substr(at, one.bytes));
        at += one.bytes;
    }
}

/// Unicode Standard Annex #9: embeddings, overrides, isolates, marks.
bool turns_direction(std::int32_t point) noexcept {
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
           point == 0x200E || point == 0x200F || point == 0x061C;
}

void append_inert(std::string& out, std::int32_t point, std::string_view bytes) {
    if (point < 0) {
        out += replacement;
        return;
    }
    switch (utf8proc_category(point)) {
        case UTF8PROC_CATEGORY_CC:
            out += format("\\x{:02x}", static_cast<unsigned>(point));
            return;
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            out += ' ';
            return;
        default:
            break;
    }
    if (turns_direction(point)) {
        out += format("\\u{:04x}", static_cast<unsigned>(point));
    } else {
        out += bytes;
    }
}

bool is_plain(std::string_view text) noexcept {
    for (const char c : text) {
        if (c < ' ' || c > '~') return false;
    }
    return true;
}

constexpr std::int32_t emoji_form = 0xFE0F;  // the character before it may be shown wide

std::size_t width_of(std::int32_t point) noexcept {
    if (point < 0 || point == emoji_form) return 1;
    return static_cast<std::size_t>(utf8proc_charwidth(point));
}

}  // namespace

std::string inert(std::string_view text) {
    if (is_plain(text)) return std::string(text);
    std::string out;
    each_char(text, [&](std::int32_t point, std::string_view bytes) {
        if (point == '\n' || point == '\t') {
            out += bytes;
        } else {
            append_inert(out, point, bytes);
        }
    });
    return out;
}

std::string inert_line(std::string_view text) {
    if (is_plain(text)) return std::string(text);
    std::string out;
    each_char(text, [&](std::int32_t point, std::string_view bytes) {
        if (point == '\n' || point == '\t') {
            out += ' ';
        } else {
            append_inert(out, point, bytes);
        }
    });
    return out;
}

std::size_t display_width(std::string_view line) {
    if (is_plain(line)) return line.size();
    std::size_t width = 0;
    each_char(line, [&](std::int32_t point, std::string_view) { width += width_of(point); });
    return width;
}

std::string fit(std::string_view line, std::size_t columns, std::string_view mark) {
    if (display_width(line) <= columns) return std::string(line);
    const std::size_t mark_width = display_width(mark);
    if (mark_width > columns) return {};
    const std::size_t room = columns - mark_width;
    // Between characters as people see them (UAX #29), so that none is cut into its parts.
    std::size_t kept = 0;
    std::size_t width = 0;
    std::size_t at = 0;
    std::int32_t before = -1;
    std::int32_t state = 0;
    while (at < line.size()) {
        const Char one = char_at(line, at);
        const bool may_break = before < 0 || one.point < 0 ||
                               utf8proc_grapheme_break_stateful(before, one.point, &state);
        if (may_break) kept = at;
        width += width_of(one.point);
        if (width > room) break;
        before = one.point;
        at += one.bytes;
    }
    return std::string(line.substr(0, kept)).append(mark);
}

std::string padded(std::string_view line, std::size_t columns) {
    const std::size_t width = display_width(line);
    return std::string(line).append(width < columns ? columns - width : 0, ' ');
}

std::string ascii(std::string_view text) {
    constexpr std::array<std::pair<std::int32_t, std::string_view>, 8> alike{{{0x00B5, "u"},
                                                                              {0x03BC, "u"},
                                                                              {0x00B7, "-"},
                                                                              {0x2013, "-"},
                                                                              {0x2014, "-"},
                                                                              {0x2019, "'"},
                                                                              {0x2026, "~"},
                                                                              {0x00D7, "x"}}};
    std::string out;
    each_char(text, [&](std::int32_t point, std::string_view bytes) {
        if (point >= 0 && point < 0x80) {
            out += bytes;
            return;
        }
        for (const auto& [known, like] : alike) {
            if (known != point) continue;
            out += like;
            return;
        }
        if (width_of(point) > 0) out += '?';
    });
    return out;
}

}  // namespace weir::base

#include "report/pipeline/markdown_text.h"

#include <algorithm>

#include "base/format.h"
#include "report/junit.h"
#include "report/material.h"

namespace weir::report {
namespace {

/// Of one line: valid UTF-8 without control characters.
std::string line_of(std::string_view text) {
    std::string line = xml_characters(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return line;
}

std::string entity(char c) {
    return base::format("&#{};", static_cast<int>(c));
}

}  // namespace

std::string markdown_text(std::string_view text) {
    constexpr std::string_view zero_width_space = "\xE2\x80\x8B";
    std::string out;
    for (const char c : line_of(text)) {
        switch (c) {
            case '|':  // a backslash before it would be the table's, not the text's
            case '<':
            case '>':
            case '&':
                out += entity(c);
                break;
            case '\\':
            case '`':
            case '*':
            case '_':
            case '[':
            case ']':
            case '~':
            case '#':
            case '!':
            case '$':  // GitHub's mathematics
                out += '\\';
                out += c;
                break;
            case '@':
                out += c;
                out += zero_width_space;
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string markdown_code(std::string_view text) {
    const std::string line = line_of(text);
    const bool plain = line.find_first_of("|`\\<&") == std::string::npos && !line.empty() &&
                       line.front() != ' ' && line.back() != ' ';
    if (plain) return "`" + line + "`";
    std::string out = "<code>";
    for (const char c : line) {
        const bool markup = std::string_view("|`\\<>&*_[]~$!#").find(c) != std::string_view::npos;
        out += markup ? entity(c) : std::string(1, c);
    }
    return out + "</code>";
}

std::string markdown_link(std::string_view text, const std::string& url) {
    if (!is_web_address(url)) return markdown_text(text);
    std::string address;
    for (const char c : xml_characters(url)) {
        const bool safe = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') ||
                          std::string_view("-._~:/?#@!$&*+,;=%'").find(c) != std::string_view::npos;
        address +=
            safe ? std::string(1, c)
                 : base::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    // "&" and "*" mean something within a link's address, too.
    std::string escaped;
    for (const char c : address) {
        const bool markup = c == '&' || c == '*' || c == '_' || c == '~';
        escaped += markup ? entity(c) : std::string(1, c);
    }
    return "[" + markdown_text(text) + "](" + escaped + ")";
}

}  // namespace weir::report

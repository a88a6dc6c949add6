#include "report/document/page.h"

namespace weir::report {
namespace {

std::string inside_script(std::string_view json) {
    constexpr std::string_view line_separator = "\xE2\x80\xA8";
    constexpr std::string_view paragraph_separator = "\xE2\x80\xA9";
    std::string out;
    out.reserve(json.size() + json.size() / 16);
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto rest = json.substr(i);
        if (json[i] == '<') {
            out += "\\u003c";
        } else if (rest.starts_with(line_separator) || rest.starts_with(paragraph_separator)) {
            out += rest.starts_with(line_separator) ? "\\u2028" : "\\u2029";
            i += line_separator.size() - 1;
        } else {
            out += json[i];
        }
    }
    return out;
}

}  // namespace

std::string report_page(std::string_view frame, std::string_view document) {
    constexpr std::string_view placeholder = "__WEIR_REPORT__";
    const auto at = frame.find(page_place);
    if (at == std::string_view::npos) return std::string(frame);
    const auto place = at + page_place.find(placeholder);
    std::string page(frame.substr(0, place));
    page += inside_script(document);
    page += frame.substr(place + placeholder.size());
    return page;
}

}  // namespace weir::report

#include "app/init/template_text.h"

#include "app/init/found_text.h"
#include "base/format.h"

namespace weir::app::init {
namespace {

bool in_name(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The name between the "@" at `at` and the next one; empty when these are none.
std::string_view name_at(std::string_view text, std::size_t at) {
    auto end = at + 1;
    while (end < text.size() && in_name(text[end])) ++end;
    if (end == text.size() || text[end] != '@' || end - at < 3) return {};
    return text.substr(at + 1, end - at - 1);
}

}  // namespace

base::Result<std::string> fill(std::string_view text, const Values& values) {
    std::string out;
    std::size_t done = 0;
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at)) {
        const auto name = name_at(text, at);
        if (name.empty()) {
            ++at;
            continue;
        }
        const auto value = values.find(name);
        if (value == values.end()) {
            return base::Error{base::Code::invalid,
                               base::format("line {} of a template: there is no value for @{}@",
                                            line_of(text, at), name)};
        }
        out += text.substr(done, at - done);
        out += value->second;
        at = done = at + name.size() + 2;
    }
    return out.append(text.substr(done));
}

}  // namespace weir::app::init

#include "http/message.h"

#include <algorithm>

#include "http/header_names.h"

namespace weir::http {
namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

const Header* find_header(const std::vector<Header>& headers, std::string_view name) noexcept {
    for (const auto& header : headers) {
        if (same_name(header.name, name)) return &header;
    }
    return nullptr;
}

void remove_header(std::vector<Header>& headers, std::string_view name) {
    std::erase_if(headers, [name](const Header& each) { return same_name(each.name, name); });
}

std::string_view Exchange::header(std::string_view name) const noexcept {
    const Header* found = find_header(headers, name);
    return found == nullptr ? std::string_view() : std::string_view(found->value);
}

}  // namespace weir::http

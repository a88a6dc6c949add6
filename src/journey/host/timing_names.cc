#include "journey/host/timing_names.h"

#include <algorithm>

namespace weir::journey {
namespace {

bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

std::string cleaned(std::string_view sent, std::size_t most) {
    std::string name(sent.substr(0, most));
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !is_plain(c); }, '_');
    return name;
}

}  // namespace

std::string_view TimingNames::find(std::string_view name, std::size_t size) const noexcept {
    for (std::size_t i = 0; i < size; ++i) {
        if (names_[i] == name) return names_[i];
    }
    return {};
}

std::string_view TimingNames::known_as(std::string_view sent) {
    const std::size_t before = size_.load(std::memory_order_acquire);
    if (const auto known = find(sent, before); !known.empty()) return known;
    const std::string name = cleaned(sent, length_most);
    if (name.empty()) return other;
    if (const auto known = find(name, before); !known.empty()) return known;
    if (before >= most) return other;
    const std::lock_guard lock(adding_);
    const std::size_t size = size_.load(std::memory_order_relaxed);
    if (const auto known = find(name, size); !known.empty()) return known;
    if (size >= most) return other;
    names_[size] = name;
    size_.store(size + 1, std::memory_order_release);
    return names_[size];
}

}  // namespace weir::journey

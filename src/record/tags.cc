#include "record/tags.h"

#include <algorithm>

namespace weir::record {
namespace {

constexpr auto key_before = [](const auto& pair, std::string_view key) { return pair.first < key; };

}  // namespace

void Tags::set(std::string_view key, std::string_view value) {
    const auto at = std::lower_bound(pairs_.begin(), pairs_.end(), key, key_before);
    if (at != pairs_.end() && at->first == key) {
        at->second = value;
    } else {
        pairs_.emplace(at, key, value);
    }
}

void Tags::erase(std::string_view key) {
    const auto at = std::lower_bound(pairs_.begin(), pairs_.end(), key, key_before);
    if (at != pairs_.end() && at->first == key) pairs_.erase(at);
}

const std::string* Tags::find(std::string_view key) const noexcept {
    const auto at = std::lower_bound(pairs_.begin(), pairs_.end(), key, key_before);
    return at != pairs_.end() && at->first == key ? &at->second : nullptr;
}

bool Tags::contains(const Tags& selector) const noexcept {
    return std::includes(pairs_.begin(), pairs_.end(), selector.pairs_.begin(),
                         selector.pairs_.end());
}

std::string shown_request(std::string_view name) {
    const bool is_url = name.find("://") != std::string_view::npos;
    return std::string(is_url ? name.substr(0, name.find_first_of("?#")) : name);
}

}  // namespace weir::record

#include "meter/tag_sets.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace weir::meter {
namespace {

constexpr std::string_view other = "(other)";
constexpr std::array<std::string_view, 2> free_tags = {"url", "name"};
constexpr std::array<std::string_view, 8> bounded_tags = {
    "scenario", "expected_response", "method", "status", "error_code", "proto", "group", "timing"};
constexpr std::array<std::string_view, 2> least_tags = {"scenario", "expected_response"};

template <std::size_t n>
record::Tags only(const record::Tags& tags, const std::array<std::string_view, n>& keys) {
    record::Tags kept;
    for (const auto& [key, value] : tags.pairs()) {
        if (std::find(keys.begin(), keys.end(), key) != keys.end()) kept.set(key, value);
    }
    return kept;
}

}  // namespace

std::size_t TagSets::Hash::operator()(const record::Tags* tags) const noexcept {
    std::size_t hash = 0;
    const auto mix = [&hash](std::string_view text) {
        hash = (hash ^ std::hash<std::string_view>{}(text)) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 32U;
    };
    for (const auto& [key, value] : tags->pairs()) {
        mix(key);
        mix(value);
    }
    return hash;
}

record::Tags TagSets::coarsened(const record::Tags& tags) const {
    record::Tags coarse = tags;
    if (sets_.size() >= most_ + most_ / 2) {
        coarse = only(tags, least_tags);
    } else if (sets_.size() >= most_ + most_ / 4) {
        coarse = only(tags, bounded_tags);
    }
    for (const auto key : free_tags) {
        if (tags.find(key) != nullptr) coarse.set(key, other);
    }
    return coarse;
}

TagSets::Interned TagSets::intern(const record::Tags& tags) {
    if (const auto found = index_.find(&tags); found != index_.end()) return {found->second, false};
    record::Tags own = tags;
    if (sets_.size() >= most_) {
        ++collapsed_;
        own = coarsened(tags);
        if (const auto found = index_.find(&own); found != index_.end()) {
            return {found->second, false};
        }
    }
    const auto id = static_cast<record::TagSetId>(sets_.size());
    sets_.push_back(std::move(own));
    index_.emplace(&sets_.back(), id);
    return {id, true};
}

}  // namespace weir::meter

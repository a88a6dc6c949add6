#include "record/metric.h"

#include <algorithm>
#include <functional>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "base/assert.h"

namespace weir::record {
namespace {

/// A metric and tags as one number; equal numbers are compared in full.
std::size_t hash_of(const Series& series) {
    std::size_t hash = static_cast<std::size_t>(series.metric);
    const auto mix = [&hash](std::string_view text) {
        hash = (hash ^ std::hash<std::string_view>{}(text)) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 29U;
    };
    for (const auto& [key, value] : series.tags.pairs()) {
        mix(key);
        mix(value);
    }
    return hash;
}

}  // namespace

std::string_view word_of(MetricType type) noexcept {
    switch (type) {
        case MetricType::counter:
            return "counter";
        case MetricType::gauge:
            return "gauge";
        case MetricType::rate:
            return "rate";
        case MetricType::trend:
            return "trend";
    }
    return "";
}

std::string_view word_of(MetricContains contains) noexcept {
    switch (contains) {
        case MetricContains::plain:
            return "default";
        case MetricContains::time:
            return "time";
        case MetricContains::data:
            return "data";
    }
    return "";
}

void CounterTotal::add(double value) noexcept {
    sum.add(value);
    ++samples;
}

void CounterTotal::merge(const CounterTotal& other) noexcept {
    sum.merge(other.sum);
    samples += other.samples;
}

void GaugeTotal::add(double value, base::Instant at) noexcept {
    merge({.last = value, .min = value, .max = value, .samples = 1, .last_at = at});
}

void GaugeTotal::merge(const GaugeTotal& other) noexcept {
    if (other.samples == 0) return;
    if (samples == 0) {
        *this = other;
        return;
    }
    if (other.last_at >= last_at) {
        last = other.last;
        last_at = other.last_at;
    }
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    samples += other.samples;
}

void RateTotal::merge(const RateTotal& other) noexcept {
    passes += other.passes;
    fails += other.fails;
}

Aggregate aggregate_for(const MetricSpec& spec) {
    switch (spec.type) {
        case MetricType::counter:
            return CounterTotal{};
        case MetricType::gauge:
            return GaugeTotal{};
        case MetricType::rate:
            return RateTotal{};
        case MetricType::trend:
            break;
    }
    return spec.contains == MetricContains::time ? stats::Distribution::time()
                                                 : stats::Distribution::plain();
}

void add(Aggregate& aggregate, double value, base::Instant at) {
    std::visit(
        [value, at](auto& total) {
            if constexpr (std::is_same_v<std::decay_t<decltype(total)>, GaugeTotal>) {
                total.add(value, at);
            } else {
                total.add(value);
            }
        },
        aggregate);
}

void merge(Aggregate& into, const Aggregate& other) {
    CHECK(into.index() == other.index());
    std::visit(
        [&other](auto& total) { total.merge(std::get<std::decay_t<decltype(total)>>(other)); },
        into);
}

std::uint64_t samples_of(const Aggregate& aggregate) noexcept {
    switch (static_cast<MetricType>(aggregate.index())) {
        case MetricType::counter:
            return std::get_if<CounterTotal>(&aggregate)->samples;
        case MetricType::gauge:
            return std::get_if<GaugeTotal>(&aggregate)->samples;
        case MetricType::rate:
            return std::get_if<RateTotal>(&aggregate)->samples();
        case MetricType::trend:
            break;
    }
    return std::get_if<stats::Distribution>(&aggregate)->count();
}

void merge_series(std::vector<Series>& into, std::vector<Series> from) {
    if (into.empty()) {
        into = std::move(from);
        return;
    }
    std::unordered_multimap<std::size_t, std::size_t> known;
    known.reserve(into.size());
    for (std::size_t i = 0; i < into.size(); ++i) known.emplace(hash_of(into[i]), i);
    for (auto& series : from) {
        const auto [first, last] = known.equal_range(hash_of(series));
        const auto same = std::find_if(first, last, [&](const auto& entry) {
            const Series& mine = into[entry.second];
            return mine.metric == series.metric && mine.tags == series.tags;
        });
        if (same == last) {
            into.push_back(std::move(series));  // `from` has each series once
        } else {
            merge(into[same->second].total, series.total);
        }
    }
}

}  // namespace weir::record

// Metric: what a metric is called and holds, and the aggregates that its samples end in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "record/sample.h"
#include "record/tags.h"
#include "stats/distribution.h"
#include "stats/sum.h"

namespace weir::record {

struct MetricSpec {
    std::string name;
    MetricType type = MetricType::counter;
    MetricContains contains = MetricContains::plain;
    [[nodiscard]] bool operator==(const MetricSpec&) const = default;
};

/// k6's words: "counter", "gauge", "rate", "trend" and "default", "time", "data".
[[nodiscard]] std::string_view word_of(MetricType type) noexcept;
[[nodiscard]] std::string_view word_of(MetricContains contains) noexcept;

/// k6's `count` of a counter is the sum of its values.
struct CounterTotal {
    stats::Sum sum;
    std::uint64_t samples = 0;
    void add(double value) noexcept;
    void merge(const CounterTotal& other) noexcept;
    [[nodiscard]] bool operator==(const CounterTotal&) const = default;
};

struct GaugeTotal {
    double last = 0;
    double min = 0;
    double max = 0;
    std::uint64_t samples = 0;
    base::Instant last_at{};  // decides which `last` wins when workers are merged
    void add(double value, base::Instant at) noexcept;
    void merge(const GaugeTotal& other) noexcept;
    [[nodiscard]] bool operator==(const GaugeTotal&) const = default;
};

/// A value other than zero passes.
struct RateTotal {
    std::uint64_t passes = 0;
    std::uint64_t fails = 0;
    void add(double value) noexcept { value != 0 ? ++passes : ++fails; }
    void merge(const RateTotal& other) noexcept;
    [[nodiscard]] std::uint64_t samples() const noexcept { return passes + fails; }
    [[nodiscard]] bool operator==(const RateTotal&) const = default;
};

/// The alternative follows from the metric's type, in MetricType's order.
using Aggregate = std::variant<CounterTotal, GaugeTotal, RateTotal, stats::Distribution>;

/// An empty aggregate of the right kind.
[[nodiscard]] Aggregate aggregate_for(const MetricSpec& spec);
void add(Aggregate& aggregate, double value, base::Instant at);
/// CHECKs that both are of one kind.
void merge(Aggregate& into, const Aggregate& other);
[[nodiscard]] std::uint64_t samples_of(const Aggregate& aggregate) noexcept;

/// All samples of one metric with one tag set.
struct Series {
    MetricId metric{};  // index into the metric specs beside it
    Tags tags;
    Aggregate total;
    [[nodiscard]] bool operator==(const Series&) const = default;
};

/// Adds each of `from` to the series of the same metric and tags in `into`, or appends it.
void merge_series(std::vector<Series>& into, std::vector<Series> from);

}  // namespace weir::record

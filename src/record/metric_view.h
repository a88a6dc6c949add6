// MetricView: a run's or snapshot's series read as k6's metrics: sub-metrics by tags, aggregates.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "record/metric.h"
#include "record/run_record.h"

namespace weir::record {

/// One metric, or the part of it whose tags contain a selector, merged over its series.
class Selected {
public:
    Selected(MetricSpec spec, Aggregate total, base::Nanos duration);

    [[nodiscard]] const MetricSpec& spec() const noexcept { return spec_; }
    /// Samples seen; 0 means that every figure below says nothing.
    [[nodiscard]] std::uint64_t samples() const noexcept { return samples_of(total_); }
    [[nodiscard]] const Aggregate& total() const noexcept { return total_; }

    // k6's meanings; each CHECKs that the metric's type has the figure.
    [[nodiscard]] double count() const;  // counter: sum of values; trend and others: samples
    [[nodiscard]] double rate()
        const;  // counter: count per second of the run; rate: passes / samples
    [[nodiscard]] double value() const;  // gauge: last
    [[nodiscard]] double min() const;    // gauge, trend
    [[nodiscard]] double max() const;    // gauge, trend
    [[nodiscard]] double avg() const;    // trend
    [[nodiscard]] double med() const { return quantile(0.5); }
    [[nodiscard]] double quantile(double q) const;  // trend; k6's p(x) with q = x / 100
    [[nodiscard]] const stats::Distribution* distribution() const noexcept;  // trend, else null
    [[nodiscard]] const RateTotal* rate_total() const noexcept;              // rate, else null

private:
    MetricSpec spec_;
    Aggregate total_;
    base::Nanos duration_;
};

/// Does not own what it reads.
class MetricView {
public:
    /// `duration` is what counter rates are divided by.
    MetricView(std::span<const MetricSpec> metrics,
               std::span<const Series> series,
               base::Nanos duration)
        : metrics_(metrics), series_(series), duration_(duration) {}
    explicit MetricView(const RunRecord& record)
        : MetricView(record.metrics, record.series, record.duration) {}

    /// Nothing when the run has no metric of that name. An empty selector selects all.
    [[nodiscard]] std::optional<Selected> select(std::string_view metric,
                                                 const Tags& selector = {}) const;
    /// Every different value of a tag among the series of a metric, in order of first sight.
    [[nodiscard]] std::vector<std::string> tag_values(std::string_view metric,
                                                      std::string_view tag) const;
    [[nodiscard]] base::Nanos duration() const noexcept { return duration_; }
    [[nodiscard]] std::span<const MetricSpec> metrics() const noexcept { return metrics_; }
    [[nodiscard]] std::span<const Series> series() const noexcept { return series_; }

private:
    std::span<const MetricSpec> metrics_;
    std::span<const Series> series_;
    base::Nanos duration_;
};

}  // namespace weir::record

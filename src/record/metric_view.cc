#include "record/metric_view.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace weir::record {

Selected::Selected(MetricSpec spec, Aggregate total, base::Nanos duration)
    : spec_(std::move(spec)), total_(std::move(total)), duration_(duration) {}

double Selected::count() const {
    if (const auto* counter = std::get_if<CounterTotal>(&total_)) return counter->sum.value();
    return static_cast<double>(samples());
}

double Selected::rate() const {
    if (const auto* counter = std::get_if<CounterTotal>(&total_)) {
        const double seconds = base::to_seconds(duration_);
        return seconds > 0 ? counter->sum.value() / seconds : 0;
    }
    const auto* rate = rate_total();
    CHECK(rate != nullptr);
    if (rate->samples() == 0) return 0;
    return static_cast<double>(rate->passes) / static_cast<double>(rate->samples());
}

double Selected::value() const {
    const auto* gauge = std::get_if<GaugeTotal>(&total_);
    CHECK(gauge != nullptr);
    return gauge->last;
}

double Selected::min() const {
    if (const auto* gauge = std::get_if<GaugeTotal>(&total_)) return gauge->min;
    CHECK(distribution() != nullptr);
    return distribution()->min();
}

double Selected::max() const {
    if (const auto* gauge = std::get_if<GaugeTotal>(&total_)) return gauge->max;
    CHECK(distribution() != nullptr);
    return distribution()->max();
}

double Selected::avg() const {
    CHECK(distribution() != nullptr);
    return distribution()->mean();
}

double Selected::quantile(double q) const {
    CHECK(distribution() != nullptr);
    return distribution()->quantile(q);
}

const stats::Distribution* Selected::distribution() const noexcept {
    return std::get_if<stats::Distribution>(&total_);
}

const RateTotal* Selected::rate_total() const noexcept {
    return std::get_if<RateTotal>(&total_);
}

std::optional<Selected> MetricView::select(std::string_view metric, const Tags& selector) const {
    const auto spec = std::find_if(metrics_.begin(), metrics_.end(),
                                   [metric](const MetricSpec& s) { return s.name == metric; });
    if (spec == metrics_.end()) return std::nullopt;
    const auto id = static_cast<MetricId>(spec - metrics_.begin());
    Aggregate total = aggregate_for(*spec);
    for (const auto& series : series_) {
        if (series.metric == id && series.tags.contains(selector)) merge(total, series.total);
    }
    return Selected(*spec, std::move(total), duration_);
}

std::vector<std::string> MetricView::tag_values(std::string_view metric,
                                                std::string_view tag) const {
    std::vector<std::string> values;
    for (const auto& series : series_) {
        const auto index = static_cast<std::size_t>(series.metric);
        if (index >= metrics_.size() || metrics_[index].name != metric) continue;
        const std::string* value = series.tags.find(tag);
        if (value == nullptr) continue;
        if (std::find(values.begin(), values.end(), *value) == values.end()) {
            values.push_back(*value);
        }
    }
    return values;
}

}  // namespace weir::record

#include "record/threshold_result.h"

#include <algorithm>
#include <string_view>

#include "base/assert.h"
#include "base/format.h"

namespace weir::record {
namespace {

std::string_view allowed_for(MetricType type) {
    switch (type) {
        case MetricType::counter:
            return "count and rate";
        case MetricType::gauge:
            return "value";
        case MetricType::rate:
            return "rate";
        case MetricType::trend:
            break;
    }
    return "avg, min, max, med and p(N)";
}

base::Error unknown_metric(const plan::ThresholdSet& set, std::span<const MetricSpec> metrics) {
    std::string known;
    for (const auto& metric : metrics) {
        if (!known.empty()) known += ", ";
        known += metric.name;
    }
    return {base::Code::invalid,
            base::format("threshold on \"{}\": no metric is called \"{}\"; there are {}", set.key,
                         set.metric, known)};
}

}  // namespace

bool supports(MetricType type, plan::Aggregation aggregation) noexcept {
    using plan::Aggregation;
    switch (type) {
        case MetricType::counter:
            return aggregation == Aggregation::count || aggregation == Aggregation::rate;
        case MetricType::gauge:
            return aggregation == Aggregation::value;
        case MetricType::rate:
            return aggregation == Aggregation::rate;
        case MetricType::trend:
            break;
    }
    return aggregation == Aggregation::avg || aggregation == Aggregation::min ||
           aggregation == Aggregation::max || aggregation == Aggregation::med ||
           aggregation == Aggregation::percentile;
}

double figure_of(const plan::Threshold& threshold, const Selected& selected) {
    CHECK(supports(selected.spec().type, threshold.aggregation));
    switch (threshold.aggregation) {
        case plan::Aggregation::count:
            return selected.count();
        case plan::Aggregation::rate:
            return selected.rate();
        case plan::Aggregation::value:
            return selected.value();
        case plan::Aggregation::avg:
            return selected.avg();
        case plan::Aggregation::min:
            return selected.min();
        case plan::Aggregation::max:
            return selected.max();
        case plan::Aggregation::med:
            return selected.med();
        case plan::Aggregation::percentile:
            break;
    }
    return selected.quantile(std::clamp(threshold.percentile / 100, 0.0, 1.0));
}

Tags selector_of(const plan::ThresholdSet& set) {
    Tags tags;
    for (const auto& [key, value] : set.selector) tags.set(key, value);
    return tags;
}

std::vector<ThresholdResult> evaluate(const plan::ThresholdSet& set, const MetricView& view) {
    const auto selected = view.select(set.metric, selector_of(set));
    std::vector<ThresholdResult> results;
    results.reserve(set.thresholds.size());
    for (const auto& threshold : set.thresholds) {
        ThresholdResult result{.key = set.key, .source = threshold.source};
        if (!selected || !supports(selected->spec().type, threshold.aggregation)) {
            result.state = ThresholdState::unknown_metric;
        } else if (selected->samples() > 0) {
            result.samples = selected->samples();
            result.value = figure_of(threshold, *selected);
            result.state = plan::holds(threshold, result.value) ? ThresholdState::held
                                                                : ThresholdState::crossed;
        }
        results.push_back(std::move(result));
    }
    return results;
}

base::Result<void> check_thresholds(std::span<const plan::ThresholdSet> sets,
                                    std::span<const MetricSpec> metrics) {
    for (const auto& set : sets) {
        const auto spec = std::find_if(metrics.begin(), metrics.end(), [&set](const MetricSpec& m) {
            return m.name == set.metric;
        });
        if (spec == metrics.end()) return unknown_metric(set, metrics);
        for (const auto& threshold : set.thresholds) {
            if (supports(spec->type, threshold.aggregation)) continue;
            return base::Error{
                base::Code::invalid,
                base::format("threshold \"{}\" on \"{}\": a {} has no such figure, only {}",
                             threshold.source, set.key, word_of(spec->type),
                             allowed_for(spec->type))};
        }
    }
    return {};
}

}  // namespace weir::record

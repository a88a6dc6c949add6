// ThresholdResult: whether a k6 threshold held over a run or over what was counted so far.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plan/threshold.h"
#include "record/metric_view.h"

namespace weir::record {

enum class ThresholdState : std::uint8_t {
    held,
    crossed,
    no_samples,      // k6 lets this pass; whoever judges decides
    unknown_metric,  // the run has no metric of that name
};

struct ThresholdResult {
    std::string key;     // "http_req_duration{name:dashboard}" as written
    std::string source;  // "p(95)<200" as written
    ThresholdState state = ThresholdState::no_samples;
    double value = 0;  // what was compared; 0 without samples
    std::uint64_t samples = 0;
    [[nodiscard]] bool operator==(const ThresholdResult&) const = default;
};

/// k6: counter count and rate, gauge value, rate rate, trend avg, min, max, med and p(x).
[[nodiscard]] bool supports(MetricType type, plan::Aggregation aggregation) noexcept;
/// What the threshold compares. CHECKs supports(): that is found out before a run.
[[nodiscard]] double figure_of(const plan::Threshold& threshold, const Selected& selected);

/// Every threshold of the set, in its order; the counter rates are over view.duration().
[[nodiscard]] std::vector<ThresholdResult> evaluate(const plan::ThresholdSet& set,
                                                    const MetricView& view);
/// The selector as tags: what MetricView::select takes.
[[nodiscard]] Tags selector_of(const plan::ThresholdSet& set);
/// Words when the set cannot be evaluated on these metrics: an unknown metric, or an aggregation
/// that its type does not have. For validation before the run (exit code 104).
[[nodiscard]] base::Result<void> check_thresholds(std::span<const plan::ThresholdSet> sets,
                                                  std::span<const MetricSpec> metrics);

}  // namespace weir::record

// Threshold: k6's "p(95)<200" on "metric{tag:value}", parsed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace weir::plan {

enum class Aggregation : std::uint8_t { count, rate, value, avg, min, max, med, percentile };
enum class Comparison : std::uint8_t { greater, greater_equal, less, less_equal, equal, not_equal };

/// Source: grafana.com/docs/k6 "Thresholds": aggregation, operator, number.
struct Threshold {
    std::string source;  // as written: it names the threshold in summaries
    Aggregation aggregation = Aggregation::count;
    double percentile = 0;  // 0..100 for Aggregation::percentile
    Comparison comparison = Comparison::less;
    double limit = 0;
    bool abort_on_fail = false;
    base::Nanos delay_abort_eval{};
};

/// All thresholds of one metric or sub-metric.
struct ThresholdSet {
    std::string key;     // "http_req_duration{name:dashboard}" as written
    std::string metric;  // "http_req_duration"
    std::map<std::string, std::string> selector;
    std::vector<Threshold> thresholds;
};

/// The error quotes the expression and says what is allowed.
[[nodiscard]] base::Result<Threshold> parse_threshold(std::string_view expression);
/// Fills key, metric and selector.
[[nodiscard]] base::Result<ThresholdSet> parse_threshold_key(std::string_view key);
[[nodiscard]] bool holds(const Threshold& threshold, double value) noexcept;

}  // namespace weir::plan

// Metric and label names as k6's Prometheus output has them, so that its dashboards find them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/metric.h"
#include "record/tags.h"

namespace weir::telemetry {

/// Source: grafana.com/docs/k6, "Prometheus remote write", Metrics mapping: `k6_http_reqs_total`,
/// `k6_vus`, `k6_checks_rate`. A gauge or a native histogram of times ends in `_seconds`, of data
/// in
/// `_bytes`.
[[nodiscard]] std::string prometheus_name(const record::MetricSpec& spec);
/// Of one statistic of a trend: "p(99)" gives `k6_http_req_duration_p99`, "p(99.9)" `…_p99_9`.
[[nodiscard]] std::string prometheus_name(const record::MetricSpec& spec, std::string_view stat);

using Labels = std::vector<std::pair<std::string, std::string>>;

/// __name__ and the tags, sorted by name, as the protocol demands. A tag's name becomes a label's
/// (prometheus.io, "Data model": [a-zA-Z_][a-zA-Z0-9_]*; names that begin with __ are reserved); of
/// two that become the same the first counts.
[[nodiscard]] Labels prometheus_labels(std::string name, const record::Tags& tags);

/// Seconds for times, else as it is.
[[nodiscard]] double in_base_unit(const record::MetricSpec& spec, double value) noexcept;

/// "count", "sum", "min", "max", "avg", "med" or "p(x)" of all values so far, in the trend's unit.
[[nodiscard]] double statistic(const stats::Distribution& values, std::string_view stat);

}  // namespace weir::telemetry

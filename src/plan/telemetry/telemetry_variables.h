// What --out and k6's environment variables say about telemetry: K6_PROMETHEUS_RW_*, K6_OTEL_*,
// K6_INFLUXDB_*, K6_STATSD_*.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/telemetry/telemetry_rules.h"

namespace weir::plan {

using Variables = std::map<std::string, std::string>;

/// The names that --out takes for telemetry, k6's and ours.
[[nodiscard]] const std::vector<std::string_view>& telemetry_output_names();

/// Adds the output that --out NAME or --out NAME=TARGET names, with what the variables say of it.
/// Credentials stay where they are: the rules name the variables. The error names the variable or
/// the flag and what it takes.
/// Source: grafana.com/docs/k6, "Real-time" results output: Prometheus remote write, OpenTelemetry,
/// InfluxDB, StatsD; opentelemetry.io, "OTLP Exporter Configuration" for OTEL_*.
[[nodiscard]] base::Result<void> add_telemetry_output(std::string_view name,
                                                      const std::string& target,
                                                      const Variables& variables,
                                                      TelemetryRules& rules);

}  // namespace weir::plan

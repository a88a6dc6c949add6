// Prometheus remote write 1.0: moments as snappy-compressed WriteRequests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "telemetry/encoder.h"
#include "telemetry/prometheus_names.h"

namespace weir::telemetry {

struct PrometheusShape {
    std::vector<std::string> trend_stats{"p(99)"};
    bool native_histograms = false;
    bool stale_markers = false;
};

/// Counters and rates since the run began, gauges as they are, of trends statistics or a histogram
/// of all values so far; times in seconds. A body is to be sent with Content-Encoding: snappy,
/// Content-Type: application/x-protobuf and X-Prometheus-Remote-Write-Version: 0.1.0.
/// Source: prometheus.io/docs/concepts/remote_write_spec, prompb/types.proto of Prometheus.
class PrometheusWrite final : public Encoder {
public:
    explicit PrometheusWrite(PrometheusShape shape) : shape_(std::move(shape)) {}
    [[nodiscard]] std::vector<Parcel> encode(const Moment& moment) override;

private:
    PrometheusShape shape_;
    base::WallTime told_at_{};     // a series has one value at a time: each push is later
    std::map<Labels, bool> seen_;  // to be marked stale; whether it is a histogram
};

}  // namespace weir::telemetry

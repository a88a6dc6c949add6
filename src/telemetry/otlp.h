// OTLP: moments as ExportMetricsServiceRequests (protobuf, for POST /v1/metrics).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/changes.h"
#include "telemetry/encoder.h"

namespace weir::telemetry {

struct OtlpShape {
    std::string prefix;                           // of metric names
    std::map<std::string, std::string> resource;  // service.name and others
    std::string scope_version;
    bool exponential = false;  // else OpenTelemetry's default boundaries, as k6's output has them
    bool delta = false;        // else cumulative
    bool single_counter_for_rate = true;
    bool gzip = false;  // bodies are to be sent with Content-Encoding: gzip
};

/// Counters are sums, gauges gauges, trends histograms in milliseconds ("ms"), bytes "By"; a rate
/// is a counter NAME with the attribute condition = "nonzero" or "zero", or two: NAME.occurred and
/// NAME.total. Tags are attributes. A body is to be sent with Content-Type: application/x-protobuf.
/// Source: grafana.com/docs/k6, "OpenTelemetry", Metrics mapping; opentelemetry-proto 1.x,
/// metrics/v1/metrics.proto; opentelemetry.io, "Metrics SDK", default boundaries.
class Otlp final : public Encoder {
public:
    explicit Otlp(OtlpShape shape) : shape_(std::move(shape)) {}
    [[nodiscard]] std::vector<Parcel> encode(const Moment& moment) override;
    void taken(const SharedMoment& moment, const Parcel& parcel) override;
    [[nodiscard]] bool increments() const noexcept override { return shape_.delta; }

private:
    OtlpShape shape_;
    Changes changes_;  // of delta alone
};

/// What a collector says in an answer of status 200: that it took a part only
/// (ExportMetricsServiceResponse.partial_success). Empty when it has nothing to say, or nothing
/// that can be read.
[[nodiscard]] std::string otlp_complaint(std::string_view answer);

}  // namespace weir::telemetry

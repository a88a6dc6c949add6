// TelemetryRules: where a run's figures go while it lasts, and in which tool's words.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "plan/secret_source.h"

namespace weir::plan {

/// Who takes an output's bytes over HTTP, and as whom we come.
struct HttpReceiver {
    std::string url;
    std::string username;  // Basic, with the password
    SecretSource password;
    SecretSource token;  // "Authorization: Bearer …"; of InfluxDB "Token …"
    std::map<std::string, std::string> headers;
    std::map<std::string, SecretSource> secret_headers;
    bool insecure_skip_tls_verify = false;
    std::string tls_min;           // "tls1.2", "tls1.3"; empty: TLS 1.2
    std::string ca_file;           // PEM; beside the system's
    std::string client_cert_file;  // PEM; with the key
    std::string client_key_file;
};

/// What all outputs share. Tags are Weir's and the script's; `tags` are added where there is none
/// of that name.
struct TelemetryTags {
    std::map<std::string, std::string> added;
    std::vector<std::string> left_out;
};

/// Prometheus remote write 1.0; names as k6's output experimental-prometheus-rw has them.
struct PrometheusOutput {
    HttpReceiver to;
    base::Nanos interval = std::chrono::seconds(5);
    std::vector<std::string> trend_stats{"p(99)"};  // count, sum, min, max, avg, med, p(x)
    bool native_histograms = false;                 // of trends, instead of the statistics
    bool stale_markers = false;                     // at the end
    TelemetryTags tags;
};

/// OTLP over HTTP, protobuf; names as k6's output opentelemetry has them.
struct OtlpOutput {
    enum class Histogram : std::uint8_t { explicit_bounds, exponential };
    HttpReceiver to;
    base::Nanos interval = std::chrono::seconds(10);
    std::string prefix;  // of metric names
    std::string service_name = "k6";
    std::string service_version;  // empty: Weir's
    std::map<std::string, std::string> resource;
    Histogram histogram = Histogram::explicit_bounds;
    bool delta = false;                   // temporality; else cumulative
    bool single_counter_for_rate = true;  // k6 from 1.4 on; else NAME.occurred and NAME.total
    bool gzip = false;
    TelemetryTags tags;
};

/// StatsD over UDP, or DogStatsD with `tags_on`.
struct StatsdOutput {
    std::string address = "localhost:8125";
    base::Nanos interval = std::chrono::seconds(1);
    std::string prefix = "k6.";
    bool tags_on = false;
    std::uint32_t lines_most = 1000;  // of trends, in one push; more values share lines
    TelemetryTags tags{{}, {"vu", "iter", "url"}};
};

/// InfluxDB line protocol: version 1 with a database, 2 and 3 with an organisation, a bucket and a
/// token.
struct InfluxOutput {
    HttpReceiver to;       // the address without /write
    std::string database;  // version 1
    std::string organization;
    std::string bucket;  // not empty: version 2
    base::Nanos interval = std::chrono::seconds(1);
    std::uint32_t points_most = 2000;  // of trends and rates, in one push; more values share points
    TelemetryTags tags{{}, {"vu", "iter", "url"}};
};

/// A file of JSON lines, one object a series and push; gzip when it ends in ".gz".
struct JsonLinesOutput {
    std::string path;
    base::Nanos interval = std::chrono::seconds(1);
    TelemetryTags tags{};
};

struct TelemetryRules {
    std::optional<PrometheusOutput> prometheus;
    std::optional<OtlpOutput> otlp;
    std::optional<StatsdOutput> statsd;
    std::optional<InfluxOutput> influxdb;
    std::optional<JsonLinesOutput> json;
    std::string run_tag;  // a tag with the run's id, such as "testid"; empty: none
    [[nodiscard]] bool any() const noexcept {
        return prometheus || otlp || statsd || influxdb || json;
    }
};

/// "count", "sum", "min", "max", "avg", "med" or "p(x)" with 0 <= x <= 100.
[[nodiscard]] bool is_trend_stat(const std::string& text);

}  // namespace weir::plan

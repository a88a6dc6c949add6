#include "plan/telemetry/telemetry_variables.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

#include "base/format.h"
#include "base/units.h"
#include "base/url.h"

namespace weir::plan {
namespace {

using base::Error;
using base::Result;

Error wrong(std::string_view name, std::string_view what) {
    return {base::Code::invalid, base::format("{}: {}", name, what)};
}

/// The variables of one output, read by name; an empty one is as good as none.
class Reader {
public:
    explicit Reader(const Variables& variables) : variables_(variables) {}

    [[nodiscard]] const std::string* find(const std::string& name) const {
        const auto found = variables_.find(name);
        return found == variables_.end() || found->second.empty() ? nullptr : &found->second;
    }
    /// The first of several names that is set.
    [[nodiscard]] const std::string* find_any(std::initializer_list<const char*> names) const {
        for (const char* name : names) {
            if (const auto* found = find(name)) return found;
        }
        return nullptr;
    }
    void text(const char* name, std::string& into) const {
        if (const auto* value = find(name)) into = *value;
    }
    void secret(const char* name, SecretSource& into) const {
        if (find(name) != nullptr) into.from_variable = name;
    }
    Result<void> flag(const char* name, bool& into) const {
        const auto* value = find(name);
        if (value == nullptr) return {};
        if (*value != "true" && *value != "false" && *value != "1" && *value != "0") {
            return wrong(name, "true or false is wanted, not '" + *value + "'");
        }
        into = *value == "true" || *value == "1";
        return {};
    }
    Result<void> interval(const char* name, base::Nanos& into) const {
        const auto* value = find(name);
        if (value == nullptr) return {};
        auto read = base::parse_duration(*value);
        if (!read.ok()) return base::within(name, read.error());
        if (read.value() <= base::Nanos{}) return wrong(name, "it must be above zero");
        into = read.value();
        return {};
    }
    [[nodiscard]] const Variables& all() const { return variables_; }

private:
    const Variables& variables_;
};

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string> listed(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto part = trimmed(text.substr(0, comma));
        if (!part.empty()) parts.emplace_back(part);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    return parts;
}

/// "key1:value1,key2:value2", with the separator given.
Result<std::map<std::string, std::string>> paired(const char* name,
                                                  const std::string& text,
                                                  char separator) {
    std::map<std::string, std::string> pairs;
    for (const auto& part : listed(text)) {
        const auto at = part.find(separator);
        if (at == 0 || at == std::string::npos) {
            return wrong(name,
                         base::format("key{}value is wanted, separated by commas", separator));
        }
        pairs.insert_or_assign(std::string(trimmed(std::string_view(part).substr(0, at))),
                               std::string(trimmed(std::string_view(part).substr(at + 1))));
    }
    return pairs;
}

Result<void> check_url(const char* name, const std::string& text) {
    const auto url = base::parse_url(text);
    if (!url.ok()) return base::within(name, url.error());
    if (url.value().scheme == "http" || url.value().scheme == "https") return {};
    return wrong(name, "a URL that begins with http:// or https:// is wanted");
}

std::string with_scheme(const std::string& host, bool insecure) {
    return (insecure ? "http://" : "https://") + host;
}

Result<void> add_prometheus(const Reader& read, const std::string& target, TelemetryRules& rules) {
    PrometheusOutput output;
    auto& to = output.to;
    to.url = "http://localhost:9090/api/v1/write";
    read.text("K6_PROMETHEUS_RW_SERVER_URL", to.url);
    if (!target.empty()) to.url = target;
    TRY_VOID(check_url(target.empty() ? "K6_PROMETHEUS_RW_SERVER_URL" : "--out", to.url));
    if (read.find("K6_PROMETHEUS_RW_SIGV4_REGION") != nullptr) {
        return wrong("K6_PROMETHEUS_RW_SIGV4_REGION",
                     "Weir does not sign for AWS: send through a collector or proxy that does");
    }
    read.text("K6_PROMETHEUS_RW_USERNAME", to.username);
    read.secret("K6_PROMETHEUS_RW_PASSWORD", to.password);
    read.secret("K6_PROMETHEUS_RW_BEARER_TOKEN", to.token);
    read.text("K6_PROMETHEUS_RW_CLIENT_CERTIFICATE", to.client_cert_file);
    read.text("K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY", to.client_key_file);
    if (const auto* version = read.find("K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION")) {
        if (*version != "1.2" && *version != "1.3") {
            return wrong("K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION", "1.2 or 1.3 is wanted");
        }
        to.tls_min = "tls" + *version;
    }
    TRY_VOID(read.flag("K6_PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY", to.insecure_skip_tls_verify));
    TRY_VOID(read.interval("K6_PROMETHEUS_RW_PUSH_INTERVAL", output.interval));
    TRY_VOID(read.flag("K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", output.native_histograms));
    TRY_VOID(read.flag("K6_PROMETHEUS_RW_STALE_MARKERS", output.stale_markers));
    if (const auto* stats = read.find("K6_PROMETHEUS_RW_TREND_STATS")) {
        output.trend_stats = listed(*stats);
    }
    for (const auto& stat : output.trend_stats) {
        if (is_trend_stat(stat)) continue;
        return wrong("K6_PROMETHEUS_RW_TREND_STATS",
                     base::format("'{}' is none of count, sum, min, max, avg, med and p(x)", stat));
    }
    if (const auto* headers = read.find("K6_PROMETHEUS_RW_HTTP_HEADERS")) {
        TRY(to.headers, paired("K6_PROMETHEUS_RW_HTTP_HEADERS", *headers, ':'));
    }
    constexpr std::string_view one_header = "K6_PROMETHEUS_RW_HEADERS_";
    for (const auto& [name, value] : read.all()) {
        if (!name.starts_with(one_header) || name.size() == one_header.size()) continue;
        to.secret_headers[name.substr(one_header.size())].from_variable = name;
    }
    if (const auto* labels = read.find("K6_PROMETHEUS_RW_LABELS")) {
        TRY(output.tags.added, paired("K6_PROMETHEUS_RW_LABELS", *labels, '='));
        output.tags.added.erase("__name__");
    }
    rules.prometheus = std::move(output);
    return {};
}

/// Weir speaks OTLP over HTTP alone.
Result<void> check_protocol(const Reader& read) {
    for (const char* name :
         {"K6_OTEL_EXPORTER_PROTOCOL", "K6_OTEL_EXPORTER_TYPE",
          "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"}) {
        const auto* value = read.find(name);
        if (value == nullptr || *value == "http" || *value == "http/protobuf") continue;
        return wrong(
            name, base::format(
                      "Weir speaks OTLP over HTTP with protobuf, not {}: set it to "
                      "{}; collectors listen for it on port 4318",
                      *value, std::string_view(name).ends_with("TYPE") ? "http" : "http/protobuf"));
    }
    if (read.find("K6_OTEL_GRPC_EXPORTER_ENDPOINT") != nullptr &&
        read.find("K6_OTEL_HTTP_EXPORTER_ENDPOINT") == nullptr) {
        return wrong(
            "K6_OTEL_GRPC_EXPORTER_ENDPOINT",
            "Weir speaks OTLP over HTTP: set K6_OTEL_HTTP_EXPORTER_ENDPOINT, most often to "
            "port 4318 of the same host");
    }
    return {};
}

Result<void> read_otlp_address(const Reader& read, const std::string& target, OtlpOutput& output) {
    auto& url = output.to.url;
    url = "http://localhost:4318/v1/metrics";
    if (!target.empty()) {
        url = target;
        return check_url("--out", url);
    }
    std::string path = "/v1/metrics";
    read.text("K6_OTEL_HTTP_EXPORTER_URL_PATH", path);
    if (path.empty() || path.front() != '/') path.insert(0, "/");
    if (const auto* host = read.find("K6_OTEL_HTTP_EXPORTER_ENDPOINT")) {
        bool insecure = false;
        TRY_VOID(read.flag("K6_OTEL_HTTP_EXPORTER_INSECURE", insecure));
        url =
            (host->find("://") == std::string::npos ? with_scheme(*host, insecure) : *host) + path;
        return check_url("K6_OTEL_HTTP_EXPORTER_ENDPOINT", url);
    }
    if (const auto* whole = read.find("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")) {
        url = *whole;
        return check_url("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", url);
    }
    if (const auto* root = read.find("OTEL_EXPORTER_OTLP_ENDPOINT")) {
        url = *root + (root->ends_with('/') ? path.substr(1) : path);
        return check_url("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    }
    url = "http://localhost:4318" + path;
    return {};
}

Result<void> read_otlp_shape(const Reader& read, OtlpOutput& output) {
    TRY_VOID(read.flag("K6_OTEL_SINGLE_COUNTER_FOR_RATE", output.single_counter_for_rate));
    constexpr auto temporality = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    if (const auto* wanted = read.find(temporality)) {
        if (*wanted != "cumulative" && *wanted != "delta" && *wanted != "lowmemory") {
            return wrong(temporality, "cumulative or delta is wanted");
        }
        output.delta = *wanted != "cumulative";
    }
    constexpr auto histogram = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    if (const auto* wanted = read.find(histogram)) {
        if (*wanted == "base2_exponential_bucket_histogram") {
            output.histogram = OtlpOutput::Histogram::exponential;
        } else if (*wanted != "explicit_bucket_histogram") {
            return wrong(
                histogram,
                "explicit_bucket_histogram or base2_exponential_bucket_histogram is wanted");
        }
    }
    if (const auto* wanted = read.find_any(
            {"OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"})) {
        output.gzip = *wanted == "gzip";
    }
    return {};
}

Result<void> add_otlp(const Reader& read, const std::string& target, TelemetryRules& rules) {
    OtlpOutput output;
    if (target.empty()) TRY_VOID(check_protocol(read));
    TRY_VOID(read_otlp_address(read, target, output));
    TRY_VOID(read_otlp_shape(read, output));
    TRY_VOID(read.interval("K6_OTEL_EXPORT_INTERVAL", output.interval));
    read.text("K6_OTEL_METRIC_PREFIX", output.prefix);
    read.text("OTEL_SERVICE_NAME", output.service_name);
    read.text("K6_OTEL_SERVICE_NAME", output.service_name);
    read.text("K6_OTEL_SERVICE_VERSION", output.service_version);
    if (const auto* resource = read.find("OTEL_RESOURCE_ATTRIBUTES")) {
        TRY(output.resource, paired("OTEL_RESOURCE_ATTRIBUTES", *resource, '='));
    }
    auto& to = output.to;
    for (const char* name :
         {"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "K6_OTEL_HEADERS"}) {
        const auto* headers = read.find(name);
        if (headers == nullptr) continue;
        TRY(auto pairs, paired(name, *headers, '='));
        for (auto& [key, value] : pairs) to.headers.insert_or_assign(key, std::move(value));
    }
    TRY_VOID(read.flag("K6_OTEL_TLS_INSECURE_SKIP_VERIFY", to.insecure_skip_tls_verify));
    read.text("K6_OTEL_TLS_CERTIFICATE", to.ca_file);
    read.text("K6_OTEL_TLS_CLIENT_CERTIFICATE", to.client_cert_file);
    read.text("K6_OTEL_TLS_CLIENT_KEY", to.client_key_file);
    rules.otlp = std::move(output);
    return {};
}

/// k6: the last part of the path is the database, what is before it a prefix; a path that ends in /
/// is all prefix. A user and a password may stand before the host.
Result<void> take_influx_target(const char* said_by,
                                const std::string& target,
                                InfluxOutput& output) {
    TRY_VOID(check_url(said_by, target));
    const auto url = base::parse_url(target).value();
    const auto slash = url.path.rfind('/');
    if (const auto name = url.path.substr(slash + 1); !name.empty()) output.database = name;
    // With the credentials, which the sender takes out and hides.
    output.to.url =
        url.href.substr(0, url.href.size() - url.target().size() - url.fragment.size()) +
        url.path.substr(0, slash);
    return {};
}

Result<void> add_influxdb(const Reader& read, const std::string& target, TelemetryRules& rules) {
    InfluxOutput output;
    auto& to = output.to;
    to.url = "http://localhost:8086";
    output.database = "k6";
    read.text("K6_INFLUXDB_DB", output.database);
    read.text("K6_INFLUXDB_ORGANIZATION", output.organization);
    read.text("K6_INFLUXDB_BUCKET", output.bucket);
    if (const auto* address = read.find("K6_INFLUXDB_ADDR")) {
        TRY_VOID(check_url("K6_INFLUXDB_ADDR", *address));
        to.url = *address;
    }
    if (!target.empty()) TRY_VOID(take_influx_target("--out", target, output));
    while (to.url.ends_with('/')) to.url.pop_back();
    read.text("K6_INFLUXDB_USERNAME", to.username);
    read.secret("K6_INFLUXDB_PASSWORD", to.password);
    read.secret("K6_INFLUXDB_TOKEN", to.token);
    if (output.bucket.empty() != output.organization.empty()) {
        return wrong("K6_INFLUXDB_BUCKET",
                     "K6_INFLUXDB_ORGANIZATION and K6_INFLUXDB_BUCKET belong together");
    }
    TRY_VOID(read.flag("K6_INFLUXDB_INSECURE", to.insecure_skip_tls_verify));
    TRY_VOID(read.interval("K6_INFLUXDB_PUSH_INTERVAL", output.interval));
    // "vu:int,iter:int,url": a field says nothing of many samples at once; those tags are left out.
    if (const auto* fields = read.find("K6_INFLUXDB_TAGS_AS_FIELDS")) {
        output.tags.left_out.clear();
        for (const auto& field : listed(*fields)) {
            output.tags.left_out.push_back(field.substr(0, field.find(':')));
        }
    }
    rules.influxdb = std::move(output);
    return {};
}

Result<void> add_statsd(const Reader& read, const std::string& target, TelemetryRules& rules) {
    StatsdOutput output;
    read.text("K6_STATSD_ADDR", output.address);
    if (!target.empty()) output.address = target;
    read.text("K6_STATSD_NAMESPACE", output.prefix);
    if (!output.prefix.empty() && !output.prefix.ends_with('.')) output.prefix += '.';
    TRY_VOID(read.interval("K6_STATSD_PUSH_INTERVAL", output.interval));
    TRY_VOID(read.flag("K6_STATSD_ENABLE_TAGS", output.tags_on));
    if (const auto* left_out = read.find("K6_STATSD_TAG_BLOCKLIST")) {
        output.tags.left_out = listed(*left_out);
    }
    rules.statsd = std::move(output);
    return {};
}

Result<void> add_json_lines(const std::string& target, TelemetryRules& rules) {
    if (target.empty() || target == "-") {
        return wrong("--out telemetry-json", "write telemetry-json=FILE (add .gz to compress)");
    }
    rules.json = JsonLinesOutput{.path = target};
    return {};
}

}  // namespace

const std::vector<std::string_view>& telemetry_output_names() {
    static const std::vector<std::string_view> names{"experimental-prometheus-rw",
                                                     "prometheus-rw",
                                                     "opentelemetry",
                                                     "experimental-opentelemetry",
                                                     "influxdb",
                                                     "xk6-influxdb",
                                                     "statsd",
                                                     "output-statsd",
                                                     "telemetry-json"};
    return names;
}

bool is_trend_stat(const std::string& text) {
    for (const char* word : {"count", "sum", "min", "max", "avg", "med"}) {
        if (text == word) return true;
    }
    if (!text.starts_with("p(") || !text.ends_with(')')) return false;
    double value = -1;
    const char* const end = text.data() + text.size() - 1;
    const auto [stop, failed] = std::from_chars(text.data() + 2, end, value);
    return failed == std::errc{} && stop == end && value >= 0 && value <= 100;
}

Result<void> add_telemetry_output(std::string_view name,
                                  const std::string& target,
                                  const Variables& variables,
                                  TelemetryRules& rules) {
    const Reader read(variables);
    if (name == "experimental-prometheus-rw" || name == "prometheus-rw") {
        return add_prometheus(read, target, rules);
    }
    if (name == "opentelemetry" || name == "experimental-opentelemetry") {
        return add_otlp(read, target, rules);
    }
    if (name == "influxdb" || name == "xk6-influxdb") return add_influxdb(read, target, rules);
    if (name == "statsd" || name == "output-statsd") return add_statsd(read, target, rules);
    if (name == "telemetry-json") return add_json_lines(target, rules);
    return wrong("--out", base::format("there is no output '{}'", name));
}

}  // namespace weir::plan

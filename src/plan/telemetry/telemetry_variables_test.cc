#include "plan/telemetry/telemetry_variables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TelemetryRules rules_of(std::string_view name,
                        const std::string& target,
                        const Variables& variables) {
    TelemetryRules rules;
    const auto added = add_telemetry_output(name, target, variables, rules);
    EXPECT_TRUE(added.ok()) << added.error().text;
    return rules;
}

std::string refusal_of(std::string_view name,
                       const std::string& target,
                       const Variables& variables) {
    TelemetryRules rules;
    const auto added = add_telemetry_output(name, target, variables, rules);
    EXPECT_FALSE(added.ok());
    EXPECT_FALSE(rules.any());
    return added.ok() ? "" : added.error().text;
}

TEST(TelemetryVariables, OfPrometheusHaveK6sNamesAndDefaults) {
    const auto plain = *rules_of("experimental-prometheus-rw", "", {}).prometheus;
    EXPECT_EQ(plain.to.url, "http://localhost:9090/api/v1/write");
    EXPECT_EQ(plain.interval, std::chrono::seconds(5));
    EXPECT_THAT(plain.trend_stats, ElementsAre("p(99)"));
    const auto full = *rules_of("prometheus-rw", "",
                                {{"K6_PROMETHEUS_RW_SERVER_URL", "https://mimir.test/api/v1/push"},
                                 {"K6_PROMETHEUS_RW_USERNAME", "weir"},
                                 {"K6_PROMETHEUS_RW_PASSWORD", "secret"},
                                 {"K6_PROMETHEUS_RW_PUSH_INTERVAL", "2s"},
                                 {"K6_PROMETHEUS_RW_TREND_STATS", "p(95), p(99.9),max"},
                                 {"K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", "true"},
                                 {"K6_PROMETHEUS_RW_STALE_MARKERS", "1"},
                                 {"K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION", "1.3"},
                                 {"K6_PROMETHEUS_RW_HTTP_HEADERS", "X-Scope-OrgID:team, X-B:c:d"},
                                 {"K6_PROMETHEUS_RW_HEADERS_X-Own", "value"},
                                 {"K6_PROMETHEUS_RW_LABELS", "server=one,__name__=no"}})
                           .prometheus;
    EXPECT_EQ(full.to.url, "https://mimir.test/api/v1/push");
    EXPECT_EQ(full.to.password.from_variable, "K6_PROMETHEUS_RW_PASSWORD") << "not its value";
    EXPECT_THAT(full.trend_stats, ElementsAre("p(95)", "p(99.9)", "max"));
    EXPECT_TRUE(full.native_histograms && full.stale_markers);
    EXPECT_EQ(full.to.tls_min, "tls1.3");
    EXPECT_EQ(full.to.headers.at("X-B"), "c:d");
    EXPECT_EQ(full.to.secret_headers.at("X-Own").from_variable, "K6_PROMETHEUS_RW_HEADERS_X-Own");
    EXPECT_EQ(full.tags.added.size(), 1U);
}

TEST(TelemetryVariables, OfOpenTelemetryAreK6sThenTheSdks) {
    EXPECT_EQ(rules_of("opentelemetry", "", {}).otlp->to.url, "http://localhost:4318/v1/metrics");
    EXPECT_EQ(rules_of("opentelemetry", "http://c.test/x", {{"K6_OTEL_EXPORTER_TYPE", "grpc"}})
                  .otlp->to.url,
              "http://c.test/x")
        << "a whole URL says enough";
    const auto k6 = *rules_of("experimental-opentelemetry", "",
                              {{"K6_OTEL_HTTP_EXPORTER_ENDPOINT", "c.test:4318"},
                               {"K6_OTEL_HTTP_EXPORTER_INSECURE", "true"},
                               {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://other.test"},
                               {"K6_OTEL_METRIC_PREFIX", "k6_"},
                               {"K6_OTEL_EXPORTER_PROTOCOL", "http/protobuf"},
                               {"K6_OTEL_SINGLE_COUNTER_FOR_RATE", "false"},
                               {"K6_OTEL_HEADERS", "authorization=Bearer x,a=b"}})
                         .otlp;
    EXPECT_EQ(k6.to.url, "http://c.test:4318/v1/metrics");
    EXPECT_EQ(k6.prefix, "k6_");
    EXPECT_FALSE(k6.single_counter_for_rate);
    EXPECT_EQ(k6.to.headers.at("authorization"), "Bearer x");
    const auto sdk = *rules_of("opentelemetry", "",
                               {{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://other.test/in/"},
                                {"OTEL_SERVICE_NAME", "gate"},
                                {"OTEL_RESOURCE_ATTRIBUTES", "team=cases"},
                                {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"}})
                          .otlp;
    EXPECT_EQ(sdk.to.url, "https://other.test/in/v1/metrics");
    EXPECT_EQ(sdk.service_name, "gate");
    EXPECT_EQ(sdk.resource.at("team"), "cases");
    EXPECT_TRUE(sdk.delta);
}

TEST(TelemetryVariables, OfInfluxDbTakeTheDatabaseFromTheTargetsPath) {
    const auto plain = *rules_of("influxdb", "http://host.test:8086/mydb", {}).influxdb;
    EXPECT_EQ(plain.to.url, "http://host.test:8086");
    EXPECT_EQ(plain.database, "mydb");
    const auto prefixed = *rules_of("influxdb", "https://u:p@host.test/influx/mydb", {}).influxdb;
    EXPECT_EQ(prefixed.to.url, "https://u:p@host.test/influx");
    EXPECT_EQ(rules_of("influxdb", "http://host.test/influx/", {}).influxdb->database, "k6");
    const auto second = *rules_of("xk6-influxdb", "",
                                  {{"K6_INFLUXDB_ADDR", "http://host.test/"},
                                   {"K6_INFLUXDB_ORGANIZATION", "team"},
                                   {"K6_INFLUXDB_BUCKET", "load"},
                                   {"K6_INFLUXDB_TAGS_AS_FIELDS", "vu:int,name"},
                                   {"K6_INFLUXDB_TOKEN", "secret"}})
                             .influxdb;
    EXPECT_EQ(second.to.url, "http://host.test");
    EXPECT_EQ(second.bucket, "load");
    EXPECT_EQ(second.to.token.from_variable, "K6_INFLUXDB_TOKEN");
    EXPECT_THAT(second.tags.left_out, ElementsAre("vu", "name"));
}

TEST(TelemetryVariables, OfStatsdAndFiles) {
    const auto statsd = *rules_of("statsd", "",
                                  {{"K6_STATSD_ADDR", "agent:8126"},
                                   {"K6_STATSD_NAMESPACE", "load"},
                                   {"K6_STATSD_ENABLE_TAGS", "true"},
                                   {"K6_STATSD_TAG_BLOCKLIST", "url"}})
                             .statsd;
    EXPECT_EQ(statsd.address, "agent:8126");
    EXPECT_EQ(statsd.prefix, "load.");
    EXPECT_TRUE(statsd.tags_on);
    EXPECT_THAT(statsd.tags.left_out, ElementsAre("url"));
    EXPECT_EQ(rules_of("telemetry-json", "out.jsonl.gz", {}).json->path, "out.jsonl.gz");
}

TEST(TelemetryVariables, SayWhatIsWrongAndWhatIsTaken) {
    const auto prometheus = [](const char* name, const char* value) {
        return refusal_of("prometheus-rw", "", {{name, value}});
    };
    EXPECT_THAT(prometheus("K6_PROMETHEUS_RW_SERVER_URL", "localhost:9090"), HasSubstr("http://"));
    EXPECT_THAT(prometheus("K6_PROMETHEUS_RW_TREND_STATS", "p(101)"), HasSubstr("p(101)"));
    EXPECT_THAT(prometheus("K6_PROMETHEUS_RW_STALE_MARKERS", "yes"), HasSubstr("true or false"));
    EXPECT_THAT(prometheus("K6_PROMETHEUS_RW_PUSH_INTERVAL", "0s"), HasSubstr("above zero"));
    EXPECT_THAT(prometheus("K6_PROMETHEUS_RW_SIGV4_REGION", "eu"), HasSubstr("does not sign"));
    EXPECT_THAT(prometheus("K6_PROMETHEUS_RW_HTTP_HEADERS", "nothing"), HasSubstr("key:value"));
    EXPECT_THAT(refusal_of("opentelemetry", "", {{"K6_OTEL_EXPORTER_TYPE", "grpc"}}),
                HasSubstr("4318"));
    EXPECT_THAT(refusal_of("opentelemetry", "", {{"K6_OTEL_GRPC_EXPORTER_ENDPOINT", "c:4317"}}),
                HasSubstr("K6_OTEL_HTTP_EXPORTER_ENDPOINT"));
    EXPECT_THAT(refusal_of("influxdb", "", {{"K6_INFLUXDB_BUCKET", "b"}}),
                HasSubstr("K6_INFLUXDB_ORGANIZATION"));
    EXPECT_THAT(refusal_of("telemetry-json", "", {}), HasSubstr("telemetry-json=FILE"));
}

}  // namespace
}  // namespace weir::plan

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/suite.h"

namespace weir::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

base::Result<Suite> parse(const std::string& telemetry) {
    return parse_suite(
        "[[journey]]\nscript = \"a.js\"\n[[condition]]\nthat = \"at most 1 % errors\"\n" +
            telemetry,
        "weir.toml");
}

TEST(ParseTelemetry, ReadsEveryOutput) {
    const auto suite = parse(R"toml(
[telemetry]
run_tag = "testid"
[telemetry.prometheus]
url = "https://mimir.test/api/v1/push"
interval = "15s"
trend_stats = ["p(95)", "max"]
native_histograms = true
stale_markers = true
token = { env = "TOKEN" }
headers = { X-Scope-OrgID = "team" }
secret_headers = { X-Key = { file = "key" } }
tags = { team = "cases" }
without_tags = ["url"]
[telemetry.otlp]
url = "http://collector.test:4318/v1/metrics"
histogram = "exponential"
temporality = "delta"
rates = "pair"
gzip = true
[telemetry.statsd]
address = "agent.test:8125"
dogstatsd = true
[telemetry.influxdb]
url = "http://influx.test:8086/"
database = "k6"
username = "weir"
password = { env = "PASSWORD" }
[telemetry.json]
path = "telemetry.jsonl"
)toml");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    const auto& rules = suite.value().telemetry;
    EXPECT_EQ(rules.run_tag, "testid");
    EXPECT_EQ(rules.prometheus->to.token.from_variable, "TOKEN");
    EXPECT_EQ(rules.prometheus->to.secret_headers.at("X-Key").from_file, "key");
    EXPECT_EQ(rules.prometheus->interval, std::chrono::seconds(15));
    EXPECT_THAT(rules.prometheus->tags.left_out, ElementsAre("url"));
    EXPECT_EQ(rules.otlp->histogram, OtlpOutput::Histogram::exponential);
    EXPECT_TRUE(rules.otlp->delta && rules.otlp->gzip && !rules.otlp->single_counter_for_rate);
    EXPECT_TRUE(rules.statsd->tags_on);
    EXPECT_THAT(rules.statsd->tags.left_out, ElementsAre("vu", "iter", "url"));
    EXPECT_EQ(rules.influxdb->to.url, "http://influx.test:8086");
    EXPECT_EQ(rules.json->path, "telemetry.jsonl");
}

TEST(ParseTelemetry, RefusesWhatCannotBeMeant) {
    const auto refusal = [](const std::string& text) {
        const auto suite = parse(text);
        EXPECT_FALSE(suite.ok()) << text;
        return suite.ok() ? std::string() : suite.error().text;
    };
    const std::string to = "[telemetry.prometheus]\nurl = \"http://a.test\"\n";
    EXPECT_THAT(refusal("[telemetry.prometeus]\n"), HasSubstr("did you mean prometheus?"));
    EXPECT_THAT(refusal("[telemetry.prometheus]\n"),
                HasSubstr("telemetry.prometheus.url is missing"));
    EXPECT_THAT(refusal("[telemetry.prometheus]\nurl = \"http://u:p@a.test\"\n"),
                HasSubstr("password = { env"));
    EXPECT_THAT(refusal(to + "token = \"abc\"\n"), HasSubstr("never the value itself"));
    EXPECT_THAT(refusal(to + "trend_stats = [\"p99\"]\n"), HasSubstr("weir.toml:7:"));
    EXPECT_THAT(refusal(to + "interval = \"10ms\"\n"), HasSubstr("at least 1s"));
    EXPECT_THAT(refusal(to + "username = \"a\"\n"), HasSubstr("username and password"));
    EXPECT_THAT(refusal("[telemetry.otlp]\nurl = \"http://a.test\"\nhistogram = \"linear\"\n"),
                HasSubstr("\"explicit\" or \"exponential\""));
    EXPECT_THAT(refusal("[telemetry.influxdb]\nurl = \"http://a.test\"\n"), HasSubstr("database"));
    EXPECT_THAT(refusal("[telemetry.json]\n"), HasSubstr("path is missing"));
}

}  // namespace
}  // namespace weir::plan

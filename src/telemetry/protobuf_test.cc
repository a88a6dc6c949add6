// The encoders whose words are protobuf: remote write and OTLP, read back by field number.
#include <bit>
#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <protozero/pbf_reader.hpp>
#include <snappy.h>

#include "telemetry/exponential.h"
#include "telemetry/otlp.h"
#include "telemetry/prometheus_write.h"
#include "telemetry/test_moments.h"

namespace weir::telemetry {
namespace {

using protozero::pbf_reader;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

struct Sample {
    std::string labels;  // "name=value,…" in the order of the wire
    double value = 0;
    std::int64_t at = 0;
    bool histogram = false;
    std::uint64_t count = 0;
    std::int64_t buckets = 0;  // sum of the counts
    std::int32_t first_bucket = 0;
};

std::string text_of(pbf_reader message) {
    std::string name;
    std::string value;
    while (message.next()) {
        auto& into = message.tag() == 1 ? name : value;
        into = message.get_string();
    }
    return name + "=" + value;
}

void read_histogram(pbf_reader message, Sample& into) {
    into.histogram = true;
    while (message.next()) {
        switch (message.tag()) {
            case 1:
                into.count = message.get_uint64();
                break;
            case 3:
                into.value = message.get_double();
                break;
            case 11: {
                auto span = message.get_message();
                span.next(1);
                into.first_bucket = span.get_sint32();
                break;
            }
            case 12: {
                std::int64_t count = 0;
                for (const auto delta : message.get_packed_sint64()) {
                    count += delta;
                    into.buckets += count;
                }
                break;
            }
            case 15:
                into.at = message.get_int64();
                break;
            default:
                message.skip();
        }
    }
}

Sample read_series(pbf_reader message) {
    Sample sample;
    while (message.next()) {
        if (message.tag() == 1) {
            sample.labels += (sample.labels.empty() ? "" : ",") + text_of(message.get_message());
        } else if (message.tag() == 2) {
            auto point = message.get_message();
            point.next(1);
            sample.value = point.get_double();
            point.next(2);
            sample.at = point.get_int64();
        } else {
            read_histogram(message.get_message(), sample);
        }
    }
    return sample;
}

std::vector<Sample> read_request(const Parcel& parcel) {
    std::string data;
    EXPECT_TRUE(snappy::Uncompress(parcel.body.data(), parcel.body.size(), &data));
    std::vector<Sample> samples;
    pbf_reader request(data);
    while (request.next()) {
        if (request.tag() == 1) {
            samples.push_back(read_series(request.get_message()));
        } else {
            request.skip();
        }
    }
    return samples;
}

TEST(PrometheusWrite, NamesSeriesAsK6Does) {
    TestRun run;
    run.users(5);
    for (int i = 0; i < 100; ++i) run.request(250, i > 0);
    run.moment().series[0].tags.set("my-tag", "x");
    run.moment().series[0].tags.set("1st", "y");
    PrometheusWrite encoder({.trend_stats = {"p(99)", "p(99.9)", "avg", "count"}});
    const auto parcels = encoder.encode(*run.after(seconds(3)));
    ASSERT_EQ(parcels.size(), 1U);
    const auto samples = read_request(parcels[0]);
    ASSERT_EQ(samples.size(), 7U);
    EXPECT_EQ(samples[0].labels,
              "_1st=y,__name__=k6_http_reqs_total,method=GET,my_tag=x,name=dash board")
        << "sorted by name, as bytes";
    EXPECT_EQ(samples[0].value, 100);
    EXPECT_EQ(samples[0].at, 1'700'000'003'000);
    EXPECT_EQ(samples[1].labels, "__name__=k6_vus");
    EXPECT_EQ(samples[2].labels, "__name__=k6_checks_rate,check=status is 200");
    EXPECT_DOUBLE_EQ(samples[2].value, 0.99);
    EXPECT_THAT(samples[3].labels, HasSubstr("__name__=k6_http_req_duration_p99,"));
    EXPECT_NEAR(samples[3].value, 0.25, 0.0003) << "seconds";
    EXPECT_THAT(samples[4].labels, HasSubstr("__name__=k6_http_req_duration_p99_9,"));
    EXPECT_DOUBLE_EQ(samples[5].value, 0.25);
    EXPECT_EQ(samples[6].value, 100) << "a count has no unit";
}

TEST(PrometheusWrite, WritesNativeHistograms) {
    TestRun run;
    for (const double ms : {0.0, 1.0, 2.0, 1024.0, 1024.0}) run.request(ms);
    PrometheusWrite encoder({.trend_stats = {}, .native_histograms = true});
    const auto samples = read_request(encoder.encode(*run.after(seconds(1)))[0]);
    const auto& histogram = samples.back();
    EXPECT_THAT(histogram.labels, HasSubstr("__name__=k6_http_req_duration_seconds,"));
    EXPECT_EQ(histogram.count, 5U);
    EXPECT_EQ(histogram.buckets, 4) << "and one in the zero bucket";
    EXPECT_DOUBLE_EQ(histogram.value, 2.051) << "the sum in seconds";
    // 0.001 s lies in the bucket (2^((i-1)/32), 2^(i/32)] with i = ceil(32 log2 0.001) = -318.
    EXPECT_EQ(histogram.first_bucket, -318);
    EXPECT_EQ(histogram.at, 1'700'000'001'000);
}

TEST(PrometheusWrite, MarksAllSeriesStaleAtTheEnd) {
    TestRun run;
    run.request(10);
    PrometheusWrite encoder(
        {.trend_stats = {"max"}, .native_histograms = false, .stale_markers = true});
    EXPECT_EQ(encoder.encode(*run.after(seconds(1))).size(), 1U);
    const auto parcels = encoder.encode(*run.after(base::Nanos(10), true));
    ASSERT_EQ(parcels.size(), 2U);
    const auto figures = read_request(parcels[0]);
    const auto stale = read_request(parcels[1]);
    ASSERT_EQ(stale.size(), figures.size());
    EXPECT_EQ(figures[0].at, 1'700'000'001'001) << "a series has one value at a time";
    for (const auto& each : stale) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(each.value), 0x7ff0000000000002U);
        EXPECT_EQ(each.at, 1'700'000'001'002);
    }
}

TEST(Exponential, KeepsCountsAndCoarsensToFit) {
    auto values = stats::Distribution::time();
    for (int i = 1; i <= 1000; ++i) values.add(i * 3.7);
    for (const std::size_t most : {400U, 160U, 20U}) {
        const auto made = exponential(values, 1, 8, most);
        EXPECT_LE(made.positive.counts.size(), most);
        std::uint64_t all = 0;
        std::uint64_t below_1000 = 0;
        for (std::size_t i = 0; i < made.positive.counts.size(); ++i) {
            all += made.positive.counts[i];
            const double upper =
                std::exp2(std::ldexp(made.positive.offset + static_cast<int>(i) + 1, -made.scale));
            if (upper <= 1000) below_1000 += made.positive.counts[i];
        }
        EXPECT_EQ(all, 1000U);
        EXPECT_LE(below_1000, 271U);
    }
    auto powers = stats::Distribution::plain();
    powers.add(4);
    powers.add(-8);
    powers.add(0);
    const auto made = exponential(powers, 1, 0, 160);
    EXPECT_EQ(made.zeros, 1U);
    EXPECT_EQ(made.positive.offset, 1) << "(2, 4]";
    EXPECT_EQ(made.negative.offset, 2);
}

/// name → the bytes of each metric.
std::map<std::string, std::string> read_metrics(const Parcel& parcel) {
    std::map<std::string, std::string> metrics;
    pbf_reader request(parcel.body);
    request.next(1);
    auto resource = request.get_message();
    resource.next(2);
    auto scope = resource.get_message();
    while (scope.next(2)) {
        const auto view = scope.get_view();
        pbf_reader metric(view);
        metric.next(1);
        metrics[metric.get_string()] = std::string(view.data(), view.size());
    }
    return metrics;
}

pbf_reader field(const std::string& message, protozero::pbf_tag_type tag) {
    pbf_reader reader(message);
    return reader.next(tag) ? reader.get_message() : pbf_reader();
}

TEST(Otlp, WritesSumsGaugesAndHistograms) {
    TestRun run;
    run.users(5);
    for (const double ms : {1.0, 30.0, 30.0, 20'000.0}) run.request(ms, ms < 100);
    OtlpShape shape;
    shape.prefix = "k6_";
    shape.resource = {{"service.name", "k6"}};
    const auto parcels = Otlp(shape).encode(*run.after(seconds(1)));
    ASSERT_EQ(parcels.size(), 1U);
    EXPECT_THAT(parcels[0].body, HasSubstr("service.name"));
    const auto metrics = read_metrics(parcels[0]);
    ASSERT_EQ(metrics.size(), 4U);
    EXPECT_TRUE(field(metrics.at("k6_vus"), 5).next(1)) << "a gauge";
    auto sum = field(metrics.at("k6_http_reqs"), 7);
    sum.next(2);
    EXPECT_EQ(sum.get_enum(), 2) << "cumulative";
    EXPECT_THAT(metrics.at("k6_checks"), HasSubstr("nonzero"));
    auto histogram = field(metrics.at("k6_http_req_duration"), 9);
    histogram.next(1);
    auto point = histogram.get_message();
    std::vector<std::uint64_t> counts;
    double most = 0;
    while (point.next()) {
        if (point.tag() == 6) {
            for (const auto count : point.get_packed_fixed64()) counts.push_back(count);
        } else if (point.tag() == 12) {
            most = point.get_double();
        } else {
            point.skip();
        }
    }
    EXPECT_THAT(counts, ElementsAre(0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
    EXPECT_EQ(most, 20'000);
    shape.single_counter_for_rate = false;
    const auto pair = read_metrics(Otlp(shape).encode(*run.after(seconds(1)))[0]);
    EXPECT_TRUE(pair.contains("k6_checks.occurred") && pair.contains("k6_checks.total"));
}

TEST(Otlp, TellsDeltasOnceAndExponentialHistograms) {
    TestRun run;
    run.request(10);
    OtlpShape shape;
    shape.delta = true;
    shape.exponential = true;
    Otlp encoder(shape);
    const auto first = run.after(seconds(1));
    const auto parcels = encoder.encode(*first);
    const auto metrics = read_metrics(parcels[0]);
    auto sum = field(metrics.at("http_reqs"), 7);
    sum.next(2);
    EXPECT_EQ(sum.get_enum(), 1);
    EXPECT_TRUE(field(metrics.at("http_req_duration"), 10).next(1));
    encoder.taken(first, parcels[0]);
    EXPECT_TRUE(encoder.encode(*run.after(seconds(1))).empty()) << "nothing new";
}

TEST(Otlp, HearsWhatACollectorTookInPart) {
    EXPECT_EQ(otlp_complaint(""), "");
    EXPECT_EQ(otlp_complaint("<html>"), "");
    EXPECT_EQ(otlp_complaint("\x0a\x06\x08\x05\x12\x02no"), "it rejected 5 points: no");
}

}  // namespace
}  // namespace weir::telemetry

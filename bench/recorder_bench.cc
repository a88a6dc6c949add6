// What measuring costs on the hot path: a request recorded, a value added, a due time computed.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/random.h"
#include "meter/recorder.h"
#include "meter/registry.h"
#include "meter/sample_tap.h"
#include "meter/snapshot.h"
#include "pace/arrivals.h"
#include "stats/histogram.h"

namespace weir {
namespace {

/// Samples as a page of 2 to 60 ms gives them, so that the histograms are touched as in a real run.
std::vector<record::HttpSample> some_samples() {
    base::Random random(1);
    std::vector<record::HttpSample> samples(4096);
    for (auto& sample : samples) {
        sample.due =
            base::Instant(base::Nanos(static_cast<std::int64_t>(random.below(60'000'000'000))));
        sample.start = sample.due + base::Nanos(static_cast<std::int64_t>(random.below(200'000)));
        sample.sending = base::Nanos(static_cast<std::int64_t>(20'000 + random.below(20'000)));
        sample.waiting =
            base::Nanos(static_cast<std::int64_t>(2'000'000 + random.below(58'000'000)));
        sample.receiving = base::Nanos(static_cast<std::int64_t>(50'000 + random.below(100'000)));
        sample.end = sample.start + sample.sending + sample.waiting + sample.receiving;
        sample.bytes_sent = 300;
        sample.bytes_received = 5000;
    }
    return samples;
}

record::Tags tags_of(int i) {
    record::Tags tags;
    tags.set("name", "request " + std::to_string(i % 24));
    tags.set("url", "https://service.example/api/referrals/" + std::to_string(i));
    for (const char* key :
         {"method", "status", "scenario", "group", "proto", "expected_response"}) {
        tags.set(key, "value");
    }
    return tags;
}

void add_http(benchmark::State& state, meter::SampleTap* tap) {
    const meter::Registry registry;
    meter::Recorder recorder(registry, base::Instant(), tap);
    std::vector<record::TagSetId> ids;
    for (int i = 0; i < state.range(0); ++i) ids.push_back(recorder.intern(tags_of(i)));
    const auto samples = some_samples();
    std::size_t i = 0;
    for (auto _ : state) {
        recorder.add_http(ids[i % ids.size()], samples[i % samples.size()]);
        ++i;
    }
}

void http_sample(benchmark::State& state) {
    add_http(state, nullptr);
}
BENCHMARK(http_sample)->Arg(1)->Arg(10)->Arg(1000);

void http_sample_tapped_and_dropped(benchmark::State& state) {
    meter::SampleTap tap;
    add_http(state, &tap);
}
BENCHMARK(http_sample_tapped_and_dropped)->Arg(10);

void custom_trend(benchmark::State& state) {
    meter::Registry registry;
    const auto metric =
        registry.add({"mine", record::MetricType::trend, record::MetricContains::plain}).value();
    meter::Recorder recorder(registry, base::Instant(), nullptr);
    const auto tags = recorder.intern(tags_of(0));
    double value = 1;
    for (auto _ : state) {
        recorder.add(metric, tags, value, base::Instant());
        value = value > 1e6 ? 1 : value * 1.001;
    }
}
BENCHMARK(custom_trend);

void intern_known_tags(benchmark::State& state) {
    const meter::Registry registry;
    meter::Recorder recorder(registry, base::Instant(), nullptr);
    const auto tags = tags_of(7);
    for (auto _ : state) benchmark::DoNotOptimize(recorder.intern(tags));
}
BENCHMARK(intern_known_tags);

void histogram_add(benchmark::State& state) {
    stats::Histogram histogram;
    base::Random random(1);
    std::vector<std::int64_t> values(4096);
    for (auto& value : values) value = static_cast<std::int64_t>(random.below(60'000'000));
    std::size_t i = 0;
    for (auto _ : state) histogram.add(values[i++ % values.size()]);
}
BENCHMARK(histogram_add);

void snapshot(benchmark::State& state) {
    const meter::Registry registry;
    meter::Recorder recorder(registry, base::Instant(), nullptr);
    const auto samples = some_samples();
    for (int i = 0; i < 200'000; ++i) {
        recorder.add_http(recorder.intern(tags_of(i % static_cast<int>(state.range(0)))),
                          samples[static_cast<std::size_t>(i) % samples.size()]);
    }
    for (auto _ : state) benchmark::DoNotOptimize(recorder.take_snapshot());
}
BENCHMARK(snapshot)->Arg(10)->Arg(300)->Unit(benchmark::kMicrosecond);

void ramp_due(benchmark::State& state) {
    const pace::RampingArrivals arrivals({0, std::chrono::seconds(1)},
                                         {{std::chrono::minutes(10), 1000},
                                          {std::chrono::minutes(10), 1000},
                                          {std::chrono::minutes(1), 0}});
    std::uint64_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(arrivals.due(i));
        i = (i + 7919) % arrivals.count();
    }
}
BENCHMARK(ramp_due);

}  // namespace
}  // namespace weir

BENCHMARK_MAIN();

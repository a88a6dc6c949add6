#include "meter/recorder.h"

#include <gtest/gtest.h>

#include "meter/sample_tap.h"
#include "meter/snapshot.h"
#include "record/metric_view.h"

namespace weir::meter {
namespace {

using namespace std::chrono_literals;

record::Tags tags_of(const char* name, const char* expected = "true") {
    record::Tags tags;
    tags.set("name", name);
    tags.set("expected_response", expected);
    return tags;
}

class RecorderTest : public testing::Test {
protected:
    [[nodiscard]] record::HttpSample sample(base::Nanos at, base::Nanos took) const {
        record::HttpSample made;
        made.due = start + at - 5ms;  // five milliseconds late
        made.start = start + at;
        made.first_byte = made.start + took - 1ms;
        made.end = made.start + took;
        made.blocked = 2ms;
        made.connecting = 1ms;
        made.sending = 1ms;
        made.waiting = took - 4ms;
        made.receiving = 1ms;
        made.bytes_sent = 100;
        made.bytes_received = 1000;
        return made;
    }
    [[nodiscard]] record::MetricView view(const Snapshot& snapshot) {
        specs = registry.specs();
        return {specs, snapshot.series, 10s};
    }

    Registry registry;
    base::Instant start{1h};
    std::vector<MetricSpec> specs;
};

TEST_F(RecorderTest, AHopIsAllOfK6sHttpMetricsAndBothOfWeirsLatencies) {
    Recorder recorder(registry, start, nullptr);
    const auto tags = recorder.intern(tags_of("dashboard"));
    for (int i = 0; i < 10; ++i) recorder.add_http(tags, sample(i * 100ms, 50ms));
    const Snapshot snapshot = recorder.take_snapshot();
    const auto metrics = view(snapshot);
    EXPECT_EQ(metrics.select("http_reqs")->count(), 10);
    EXPECT_EQ(metrics.select("http_req_duration")->med(), 48) << "sending + waiting + receiving";
    EXPECT_EQ(metrics.select("http_req_blocked")->max(), 2);
    EXPECT_EQ(metrics.select("http_req_connecting")->max(), 1);
    EXPECT_EQ(metrics.select("http_req_tls_handshaking")->max(), 0);
    EXPECT_EQ(metrics.select("http_req_sending")->avg(), 1);
    EXPECT_EQ(metrics.select("http_req_waiting")->avg(), 46);
    EXPECT_EQ(metrics.select("http_req_receiving")->avg(), 1);
    EXPECT_EQ(metrics.select("http_req_failed")->rate(), 0);
    EXPECT_EQ(metrics.select("data_sent")->count(), 1000);
    EXPECT_EQ(metrics.select("data_received")->count(), 10'000);
    EXPECT_EQ(metrics.select("weir_service_time")->max(), 50);
    EXPECT_EQ(metrics.select("weir_response_time")->max(), 55) << "from the intended start";
    record::Tags selector;
    selector.set("name", "dashboard");
    EXPECT_EQ(metrics.select("http_req_duration", selector)->samples(), 10U);
}

TEST_F(RecorderTest, FailedIsTheResponseCallbacksAnswerAndAbsentWithoutOne) {
    Recorder recorder(registry, start, nullptr);
    auto failed = sample(0ms, 50ms);
    failed.expected = false;
    auto unjudged = sample(0ms, 50ms);
    unjudged.judged = false;
    recorder.add_http(recorder.intern(tags_of("a")), sample(0ms, 50ms));
    recorder.add_http(recorder.intern(tags_of("a", "false")), failed);
    recorder.add_http(recorder.intern({}), unjudged);
    const Snapshot snapshot = recorder.take_snapshot();
    const auto metrics = view(snapshot);
    EXPECT_EQ(metrics.select("http_reqs")->count(), 3);
    EXPECT_EQ(metrics.select("http_req_failed")->samples(), 2U);
    EXPECT_EQ(metrics.select("http_req_failed")->rate(), 0.5);
    record::Tags expected;
    expected.set("expected_response", "true");
    EXPECT_EQ(metrics.select("http_req_duration", expected)->samples(), 1U);
}

TEST_F(RecorderTest, AnUnfinishedRequestIsItsAgeAndNothingElse) {
    Recorder recorder(registry, start, nullptr);
    auto stuck = sample(0ms, 9995ms);
    stuck.finished = false;
    recorder.add_http(recorder.intern(tags_of("a")), stuck);
    const Snapshot snapshot = recorder.take_snapshot();
    const auto metrics = view(snapshot);
    EXPECT_EQ(metrics.select("weir_unfinished")->max(), 10'000);
    EXPECT_EQ(metrics.select("http_reqs")->samples(), 0U);
    EXPECT_EQ(metrics.select("http_req_duration")->samples(), 0U);
}

TEST_F(RecorderTest, ValuesOfAnyMetricAreKeptByTagSet) {
    Recorder recorder(registry, start, nullptr);
    const auto custom =
        registry.add({"queue", record::MetricType::gauge, record::MetricContains::plain});
    const auto tags = recorder.intern(tags_of("a"));
    recorder.add(custom.value(), tags, 4, start + 1s);
    recorder.add(custom.value(), tags, 9, start + 2s);
    recorder.add(id_of(Builtin::checks), tags, 1, start + 2s);
    recorder.add(id_of(Builtin::checks), tags, 0, start + 2s);
    recorder.add(id_of(Builtin::checks), recorder.intern({}), 1, start + 2s);
    const Snapshot snapshot = recorder.take_snapshot();
    const auto metrics = view(snapshot);
    EXPECT_EQ(metrics.select("queue")->value(), 9);
    EXPECT_EQ(metrics.select("queue")->min(), 4);
    EXPECT_EQ(metrics.select("checks")->samples(), 3U);
    EXPECT_EQ(metrics.select("checks", tags_of("a"))->rate(), 0.5);
}

TEST_F(RecorderTest, WindowsSayWhatHappenedWhen) {
    Recorder recorder(registry, start - 30s, nullptr);
    recorder.start_windows(start);
    const auto fine = recorder.intern(tags_of("dashboard"));
    const auto bad = recorder.intern(tags_of("dashboard", "false"));
    const auto none = recorder.intern({});
    for (int second = 0; second < 5; ++second) {
        recorder.note_iteration_start(start + second * 1s);
        recorder.add_http(fine, sample(second * 1s + 100ms, 50ms));
        recorder.add(id_of(Builtin::iterations), none, 1, start + second * 1s + 200ms);
    }
    auto failed = sample(3s + 500ms, 10ms);
    failed.expected = false;
    recorder.add_http(bad, failed);
    recorder.add(id_of(Builtin::dropped_iterations), none, 3, start + 4s);
    recorder.add(id_of(Builtin::vus), none, 7, start + 4s);

    const record::Windows windows = recorder.take_snapshot().windows;
    ASSERT_EQ(windows.all().size(), 5U);
    ASSERT_EQ(windows.rows().size(), 1U);
    EXPECT_EQ(*windows.rows()[0].find("name"), "dashboard");
    const record::Window& third = windows.all()[3];
    EXPECT_EQ(third.iterations_started, 1U);
    EXPECT_EQ(third.iterations_finished, 1U);
    EXPECT_EQ(third.requests, 2U);
    EXPECT_EQ(third.failed, 1U);
    EXPECT_EQ(third.bytes_received, 2000U);
    EXPECT_EQ(third.rows[0].requests, 2U);
    EXPECT_EQ(third.rows[0].failed, 1U);
    EXPECT_EQ(third.rows[0].response_time.count(), 1U);
    EXPECT_EQ(third.rows[0].response_time.max(), 55'000'000);
    EXPECT_EQ(windows.all()[4].iterations_dropped, 3U);
    EXPECT_EQ(windows.all()[4].vus, 7);
}

TEST_F(RecorderTest, RowsCountARequestWhenItWasIntendedToStart) {
    Recorder recorder(registry, start, nullptr);
    auto answered = tags_of("dashboard", "true");
    answered.set("status", "200");
    auto refused = tags_of("dashboard", "false");
    refused.set("status", "503");
    recorder.add_http(recorder.intern(answered), sample(900ms, 3s));  // ends in the fourth second
    auto failed = sample(950ms, 10ms);
    failed.expected = false;
    recorder.add_http(recorder.intern(refused), failed);
    auto hanging = sample(800ms, 5s);
    hanging.finished = false;
    recorder.add_http(recorder.intern(tags_of("dashboard")), hanging);
    recorder.add(id_of(Builtin::checks), recorder.intern(tags_of("dashboard")), 0, start + 100ms);

    const record::Windows windows = recorder.take_snapshot().windows;
    ASSERT_EQ(windows.rows().size(), 1U) << "one row, whatever became of the requests";
    const auto& row = windows.all()[0].rows[0];
    EXPECT_EQ(row.requests, 3U);
    EXPECT_EQ(row.failed, 1U);
    EXPECT_EQ(row.response_time.count(), 1U);
    EXPECT_EQ(row.unfinished.count(), 1U);
    EXPECT_EQ(row.checks_failed, 1U);
    ASSERT_EQ(row.statuses.size(), 2U);
    EXPECT_EQ(row.statuses[1], (std::pair<std::uint16_t, std::uint64_t>{503, 1}));
}

TEST_F(RecorderTest, SnapshotsAreCumulativeAndMergeOverWorkers) {
    Recorder one(registry, start, nullptr);
    Recorder two(registry, start, nullptr);
    two.add(id_of(Builtin::iterations), two.intern({}), 1, start);  // other ids than in `one`
    for (int i = 0; i < 100; ++i) {
        one.add_http(one.intern(tags_of("a")), sample(i * 10ms, 10ms));
        two.add_http(two.intern(tags_of("a")), sample(i * 10ms, 30ms));
        two.add_http(two.intern(tags_of("b")), sample(i * 10ms, 30ms));
    }
    (void)one.take_snapshot();
    Snapshot merged = one.take_snapshot();
    merged.merge(two.take_snapshot());
    const auto metrics = view(merged);
    EXPECT_EQ(metrics.select("http_reqs")->count(), 300);
    const auto a = *metrics.select("weir_service_time", tags_of("a"));
    EXPECT_EQ(a.samples(), 200U);
    EXPECT_EQ(a.min(), 10);
    EXPECT_EQ(a.max(), 30);
    EXPECT_NEAR(a.med(), 20, 0.1) << "between the two middle values";
    EXPECT_EQ(merged.windows.all()[0].requests + merged.windows.all()[1].requests, 300U);
    ASSERT_EQ(merged.windows.rows().size(), 2U);
    EXPECT_EQ(*merged.windows.rows()[0].find("name"), "a");
    EXPECT_EQ(*merged.windows.rows()[1].find("name"), "b");
}

TEST_F(RecorderTest, ATicksSnapshotHasOnlyTheTrendsAskedFor) {
    Recorder recorder(registry, start, nullptr);
    recorder.add_http(recorder.intern(tags_of("a")), sample(0ms, 10ms));
    const record::MetricId wanted = id_of(Builtin::http_req_duration);
    const Snapshot snapshot = recorder.take_snapshot({&wanted, 1});
    const auto metrics = view(snapshot);
    EXPECT_EQ(metrics.select("http_req_duration")->samples(), 1U);
    EXPECT_EQ(metrics.select("http_reqs")->samples(), 1U);
    EXPECT_EQ(metrics.select("http_req_waiting")->samples(), 0U);
    EXPECT_TRUE(snapshot.windows.all().empty());
}

TEST_F(RecorderTest, ManyDifferentUrlsDoNotGrowIt) {
    Recorder recorder(registry, start, nullptr, 50);
    for (int i = 0; i < 2000; ++i) {
        recorder.add_http(recorder.intern(tags_of(std::to_string(i).c_str())), sample(0ms, 10ms));
    }
    const Snapshot snapshot = recorder.take_snapshot();
    EXPECT_LE(snapshot.tag_sets, 80U);
    EXPECT_EQ(snapshot.tag_sets_collapsed, 1950U);
    const auto metrics = view(snapshot);
    EXPECT_EQ(metrics.select("http_reqs")->count(), 2000) << "none is lost";
}

TEST_F(RecorderTest, ALongRunCostsNoMoreThanAShortOne) {
    Recorder recorder(registry, start, nullptr);
    const auto tags = recorder.intern(tags_of("a"));
    const auto size_after = [&](int first, int last) {
        for (int i = first; i < last; ++i) {
            recorder.add_http(tags, sample(i * 1s, 10ms + i * 7919 % 1000 * 20us));
        }
        const Snapshot snapshot = recorder.take_snapshot();
        std::size_t bytes = snapshot.windows.all().size();
        for (const auto& series : snapshot.series) {
            const auto* trend = std::get_if<stats::Distribution>(&series.total);
            bytes += trend == nullptr ? 0 : trend->memory_bytes();
        }
        return bytes;
    };
    const std::size_t an_hour = size_after(0, 3600);
    const std::size_t a_day = size_after(3600, 86'400);
    EXPECT_LE(a_day, an_hour + record::Windows::windows_most);
}

TEST_F(RecorderTest, TheTapSeesEverySampleWithItsTags) {
    SampleTap tap(4);
    Recorder recorder(registry, start, &tap);
    const auto tags = recorder.intern(tags_of("a"));
    recorder.add_http(tags, sample(0ms, 10ms));
    recorder.add(id_of(Builtin::checks), tags, 1, start + 3s);
    for (int i = 0; i < 5; ++i) recorder.add(id_of(Builtin::checks), tags, 0, start);

    std::vector<TappedSample> seen;
    std::vector<record::Tags> known;
    ASSERT_TRUE(tap.drain(seen, 100));
    tap.drain_tags(known);
    ASSERT_EQ(seen.size(), 4U) << "the ring holds four";
    EXPECT_TRUE(seen[0].is_http);
    EXPECT_EQ(seen[0].http.bytes_received, 1000U);
    EXPECT_EQ(seen[1].metric, id_of(Builtin::checks));
    EXPECT_EQ(seen[1].value, 1);
    EXPECT_EQ(seen[1].at, start + 3s);
    ASSERT_EQ(known.size(), 1U);
    EXPECT_EQ(known[static_cast<std::size_t>(seen[1].tags)], tags_of("a"));
    EXPECT_EQ(tap.dropped(), 3U);
    EXPECT_EQ(recorder.take_snapshot().samples_untapped, 3U);
    EXPECT_FALSE(tap.drain(seen, 100));
}

}  // namespace
}  // namespace weir::meter

#include "record/codec.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/random.h"

namespace weir::record {
namespace {

using testing::HasSubstr;

Series series_of(const RunRecord& record, std::uint32_t metric, const char* name) {
    Series series{static_cast<MetricId>(metric), {}, aggregate_for(record.metrics[metric])};
    series.tags.set("name", name);
    series.tags.set("group", "::日本");
    return series;
}

void fill_series(RunRecord& record) {
    record.metrics = {{"http_reqs", MetricType::counter, MetricContains::plain},
                      {"vus", MetricType::gauge, MetricContains::plain},
                      {"checks", MetricType::rate, MetricContains::plain},
                      {"http_req_duration", MetricType::trend, MetricContains::time},
                      {"my_trend", MetricType::trend, MetricContains::plain},
                      {"empty", MetricType::trend, MetricContains::plain}};
    base::Random random(1);
    for (std::uint32_t metric = 0; metric < 5; ++metric) {
        for (const char* name : {"dashboard", "sign \"in\"\n"}) {
            Series series = series_of(record, metric, name);
            for (int i = 0; i < 500; ++i) {
                const double value = (random.unit() - 0.1) * 1000;
                add(series.total, value, base::Instant(base::Nanos(i)));
            }
            record.series.push_back(std::move(series));
        }
    }
    record.series.push_back(series_of(record, 5, "none"));
}

void fill_windows(RunRecord& record) {
    for (int second = 0; second < 200; ++second) {
        Window& window = record.windows.at(std::chrono::seconds(second));
        window.iterations_started += 25;
        window.vus = 12.5;
        if (second % 3 == 0) continue;
        Tags tags;
        tags.set("name", "dashboard");
        auto& row = Windows::of_row(window, record.windows.row_index(tags));
        row.requests += 2;
        row.failed += 1;
        row.response_time.add(1'000'000 * second);
        row.unfinished.add(7);
        row.add_status(200, 3);
        row.add_status(503, 1);
        row.checks_passed += 5;
        row.checks_failed += 4;
    }
}

void fill_surroundings(RunRecord& record) {
    record.surroundings.probed = {{"risk",
                                   "http://risk.test/health",
                                   std::chrono::milliseconds(300),
                                   {{base::Nanos(-5), base::Nanos(6), 204}},
                                   "refused"}};
    record.surroundings.readings = {{base::Nanos(8), 9.5, 10, 11.25, 12, 13}};
    record.surroundings.facts = {{"cases", 9001}};
    record.surroundings.facts_error = "TypeError";
    record.surroundings.generator_on_target = true;
}

/// Every member has a value of its own, so that none can be lost or exchanged without notice.
RunRecord full_record() {
    RunRecord record;
    record.run_id = "run-1";
    record.weir_version = "0.1.0";
    record.script = "journeys/dashboard.ts";
    record.started = base::WallTime(base::Nanos(1'795'476'654'123'456'789));
    record.duration = std::chrono::minutes(2) + base::Nanos(7);
    record.seed = UINT64_MAX;
    record.options_json = R"({"vus":10,"thresholds":{"checks":["rate>0.9"]}})";
    record.setup_data_json = R"({ "spaces": "kept" })";
    record.target = {"preprod",
                     "https://example.test",
                     {{"v1", "pod-a", -base::Nanos(5), 10}, {"v2", "pod-b", base::Nanos(9), 11}}};
    record.scenarios = {{"gate", "constant-arrival-rate", true, 3000, 2999, 2990, 1, 2, 3, 4, 5,
                         base::Nanos(1), base::Nanos(2), base::Nanos(3), 77}};
    record.evidence.script_failures = {{"TypeError: x", "a.ts:1:2", "at f\nat g", 3}};
    record.evidence.script_failures_total = 4;
    record.evidence.failed_requests = {{"dashboard", "GET", "https://example.test/", 500, 1500,
                                        "boom", "0af7651916cd43dd8448eb211c80319c", "gate",
                                        base::Nanos(11), base::Nanos(12), base::Nanos(13),
                                        "db;dur=1.5"}};
    record.evidence.failed_requests_total = 14;
    record.evidence.slowest = record.evidence.failed_requests;
    record.evidence.slowest[0].status = 200;
    record.evidence.unfinished = {{"search", "GET", "https://example.test/s", "trace", "gate",
                                   base::Nanos(15), base::Nanos(16)}};
    record.evidence.unfinished_total = 17;
    record.evidence.guard_violations = {{"POST", "https://example.test/x", "a.ts:9:1", 18}};
    record.evidence.guard_violations_total = 19;
    auto& health = record.health;
    health.workers = 2;
    health.cores = 4;
    health.loop_stall_max = base::Nanos(20);
    health.loop_stalls = 21;
    health.loop_stall_limit = base::Nanos(22);
    health.start_delay.add(0.25);
    health.arrivals_missed = 23;
    health.observed = base::Nanos(24);
    health.cpu_user = base::Nanos(25);
    health.cpu_system = base::Nanos(26);
    health.cpu_busy_max = 0.27;
    health.steal_share = 0.028;
    health.steal_share_max = 0.29;
    health.descriptors_most = 30;
    health.descriptors_limit = 31;
    health.memory_most_bytes = 32;
    health.samples_unwritten = 33;
    health.telemetry = {{"statsd 127.0.0.1:8125", 34, 35, "nobody listens"}, {"x", 1, 0, ""}};
    record.ending = {EndKind::aborted_by_threshold, "p(95)<200 was crossed", true, "marked"};
    record.warnings = {"first", "second"};
    fill_series(record);
    fill_windows(record);
    fill_surroundings(record);
    record.pairs = {{.journey = "browse",
                     .name = "dashboard",
                     .pairs = {{base::Nanos(1), base::Nanos(2), base::Nanos(3), true, false},
                               {base::Nanos(4), base::Nanos(5), base::Nanos(6), false, true}},
                     .unkept = 7,
                     .baseline_only = 8,
                     .candidate_only = 9}};
    record.target.seen.back().side = Side::candidate;
    return record;
}

TEST(Codec, RoundTripsEveryMember) {
    const RunRecord record = full_record();
    const std::string text = encode(record);
    const auto back = decode(text);
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(back.value(), record);
    EXPECT_EQ(encode(back.value()), text);
}

TEST(Codec, RoundTripsAnEmptyRecord) {
    const auto back = decode(encode(RunRecord()));
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(back.value(), RunRecord());
}

TEST(Codec, RefusesOtherVersionsAndFormatsInWords) {
    RunRecord record;
    record.version = 2;
    const auto newer = decode(encode(record));
    ASSERT_FALSE(newer.ok());
    EXPECT_THAT(newer.error().text, HasSubstr("version 2, this Weir reads version 1"));
    const auto other = decode(R"({"metrics": {}})");
    ASSERT_FALSE(other.ok());
    EXPECT_THAT(other.error().text, HasSubstr("not a result that Weir wrote"));
    const auto cut = decode(encode(record).substr(0, 40));
    ASSERT_FALSE(cut.ok());
    EXPECT_THAT(cut.error().text, HasSubstr("not JSON at line"));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Codec, SaysWhereAMemberIsWrong) {
    const std::string good = encode(full_record());
    const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
        {R"("offered": 3000)", R"("offered": "many")", "the record.scenarios[0]"},
        {R"("offered": 3000)", R"("offered": -1)", "in range"},
        {R"("metric": "http_reqs")", R"("metric": "http_rex")", "not listed"},
        {R"("type": "gauge")", R"("type": "guage")", "the record.metrics[1]"},
        {R"("passes": )", R"("passes": 0.5, "x": )", "whole number"},
        {R"("values": {)", R"("values": {"overflow": 7,)", "contradict"},
        {R"("hdr": "H)", R"("hdr": "A)", "HdrHistogram"},
        {R"("width_ns": )", R"("width_ns": 0, "x": )", "windows or rows"},
        {R"("candidate_ns": )", R"("candidate_ns": [1], "x": )", "differ in length"},
        {R"("failed_sides": )", R"("failed_sides": [1, 4], "x": )", "failed in no known way"},
        {R"("baseline_ns": )", R"("baseline_ns": [1, 2.5], "x": )", "no column"},
        {R"("started": "2026)", R"("started": "x026)", "is not a time"},
    };
    for (const auto& [from, to, words] : cases) {
        const auto back = decode(replaced(good, from, to));
        ASSERT_FALSE(back.ok()) << to;
        EXPECT_THAT(back.error().text, HasSubstr(words)) << to;
    }
}

TEST(Codec, DamageNeverCrashesIt) {
    const std::string good = encode(full_record());
    base::Random random(3);
    for (int i = 0; i < 60; ++i) {
        std::string damaged = good;
        for (int hits = 0; hits < 3; ++hits) {
            damaged[random.below(damaged.size())] = static_cast<char>(' ' + random.below(95));
        }
        const auto back = decode(damaged);
        if (!back.ok()) continue;
        EXPECT_FALSE(encode(back.value()).empty());
    }
}

class RecordFile : public testing::Test {
protected:
    RecordFile() {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder = std::filesystem::temp_directory_path() /
                 ("weir_record_" + std::to_string(::getpid()) + test->name());
        std::filesystem::create_directories(folder);
    }
    ~RecordFile() override { std::filesystem::remove_all(folder); }
    [[nodiscard]] std::string path(const char* name) const { return (folder / name).string(); }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(folder), {}));
    }
    std::filesystem::path folder;
};

TEST_F(RecordFile, IsWrittenWholeAndReadBack) {
    const RunRecord record = full_record();
    ASSERT_TRUE(write_record(path("run.json"), record).ok());
    ASSERT_TRUE(write_record(path("run.json"), record).ok()) << "over an older one";
    const auto back = read_record(path("run.json"));
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(back.value(), record);
    EXPECT_EQ(files(), 1U) << "nothing else is left behind";
}

TEST_F(RecordFile, SaysWhyItCouldNotBeWrittenOrRead) {
    const auto no_folder = write_record(path("no/such/run.json"), RunRecord());
    ASSERT_FALSE(no_folder.ok());
    EXPECT_THAT(no_folder.error().text, HasSubstr("make its folder first"));
    const auto no_file = read_record(path("missing.json"));
    ASSERT_FALSE(no_file.ok());
    EXPECT_THAT(no_file.error().text, HasSubstr("missing.json: No such file"));
}

TEST_F(RecordFile, AFullDiskLeavesTheOlderFileAlone) {
    ASSERT_TRUE(write_whole(path("run.json"), "older").ok());
    // A limit on file sizes fails in the middle of a write, as a full disk does.
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 4096;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto written = write_whole(path("run.json"), std::string(100'000, 'x'));
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)std::signal(SIGXFSZ, handler);

    ASSERT_FALSE(written.ok());
    EXPECT_THAT(written.error().text, HasSubstr("writing " + path("run.json")));
    std::ifstream older(path("run.json"));
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>(older), {}}), "older");
    EXPECT_EQ(files(), 1U) << "the half-written file is gone";
}

}  // namespace
}  // namespace weir::record

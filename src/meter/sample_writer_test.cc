#include "meter/sample_writer.h"

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include "base/json.h"
#include "meter/recorder.h"
#include "meter/sample_lines.h"
#include "meter/snapshot.h"

namespace weir::meter {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const base::WallTime wall = base::WallTime(base::Nanos(1'795'476'654'123'456'789));

record::Tags some_tags() {
    record::Tags tags;
    tags.set("name", "dash, \"board\"");
    tags.set("status", "200");
    tags.set("shard", "a");
    tags.set("zone", "b");
    return tags;
}

TEST(SampleLines, JsonIsAsK6Documents) {
    const record::MetricSpec spec{"http_req_duration", record::MetricType::trend,
                                  record::MetricContains::time};
    EXPECT_EQ(json_lines::metric(spec),
              R"({"type":"Metric","data":{"name":"http_req_duration","type":"trend",)"
              R"("contains":"time","thresholds":[],"submetrics":null},)"
              R"("metric":"http_req_duration"})"
              "\n");
    std::string line;
    json_lines::append_point(line, spec, wall, 459.865729, json_lines::tags(some_tags()));
    const auto json = base::parse_json(line);
    ASSERT_TRUE(json.ok()) << json.error().text;
    EXPECT_EQ(json.value()["type"], "Point");
    EXPECT_EQ(json.value()["metric"], "http_req_duration");
    EXPECT_EQ(json.value()["data"]["time"], "2026-11-23T23:30:54.123456789Z");
    EXPECT_EQ(json.value()["data"]["value"], 459.865729);
    EXPECT_EQ(json.value()["data"]["tags"]["name"], "dash, \"board\"");
    EXPECT_EQ(json_lines::tags({}), "null");
}

TEST(SampleLines, CsvHasK6sColumnsAndQuotesWhatNeedsIt) {
    EXPECT_EQ(csv_lines::header(),
              "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,"
              "method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,"
              "metadata\n");
    std::string line;
    csv_lines::append_point(line, {"http_reqs", {}, {}}, wall, 1, csv_lines::tags(some_tags()));
    EXPECT_EQ(line,
              "http_reqs,1795476654,1.000000,,,,,,,\"dash, \"\"board\"\"\",,,,200,,,,"
              "shard=a&zone=b,\n");
}

class SampleWriterTest : public testing::Test {
protected:
    SampleWriterTest() {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder = std::filesystem::temp_directory_path() /
                 ("weir_samples_" + std::to_string(::getpid()) + test->name());
        std::filesystem::create_directories(folder);
    }
    ~SampleWriterTest() override { std::filesystem::remove_all(folder); }
    [[nodiscard]] std::string path(const char* name) const { return (folder / name).string(); }

    /// The lines of a file, gzipped or not.
    static std::vector<std::string> lines_of(const std::string& path) {
        gzFile file = gzopen(path.c_str(), "rb");
        std::string text;
        char bytes[4096];
        for (int got = 0; (got = gzread(file, bytes, sizeof bytes)) > 0;) {
            text.append(bytes, static_cast<std::size_t>(got));
        }
        gzclose(file);
        std::istringstream stream(text);
        std::vector<std::string> lines;
        for (std::string line; std::getline(stream, line);) lines.push_back(line);
        return lines;
    }

    Registry registry;
    base::Instant start{1h};
    std::filesystem::path folder;
};

TEST_F(SampleWriterTest, WritesEverySampleOfEveryWorkerToEveryFile) {
    const std::string json = path("out.json");
    const std::string csv = path("out.csv.gz");
    auto opened = SampleWriter::open({{SampleFormat::json, json}, {SampleFormat::csv, csv}},
                                     registry, {start, wall});
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    SampleWriter& writer = *opened.value();
    Recorder one(registry, start, &writer.add_tap());
    Recorder two(registry, start, &writer.add_tap());
    writer.start();
    const int each = 3000;
    for (auto* recorder : {&one, &two}) {
        const auto tags = recorder->intern(some_tags());
        for (int i = 0; i < each; ++i) {
            recorder->add(id_of(Builtin::checks), tags, i % 2, start + 1s);
        }
        record::HttpSample hop;
        hop.due = hop.start = start;
        hop.end = start + 20ms;
        hop.waiting = 20ms;
        recorder->add_http(tags, hop);
    }
    ASSERT_TRUE(writer.finish().ok());
    EXPECT_EQ(writer.dropped(), 0U);

    const auto json_written = lines_of(json);
    const auto csv_written = lines_of(csv);
    EXPECT_EQ(csv_written.size(), 1U + 2 * (each + 13));
    EXPECT_EQ(json_written.size(), 14U + 2 * (each + 13)) << "13 of a hop, 14 metrics declared";
    EXPECT_THAT(json_written[0], HasSubstr(R"("type":"Metric")"));
    EXPECT_THAT(json_written[1], HasSubstr(R"("time":"2026-11-23T23:30:55.123456789Z")"));
    for (const auto& line : json_written) {
        const auto parsed = base::parse_json(line);
        ASSERT_TRUE(parsed.ok()) << line;
    }
    const auto gzip_magic = std::filesystem::file_size(csv) < csv_written.size() * 20;
    EXPECT_TRUE(gzip_magic) << "compressed";
}

TEST_F(SampleWriterTest, AFileThatCannotBeOpenedIsAnError) {
    const auto opened =
        SampleWriter::open({{SampleFormat::json, path("no/such/out.json")}}, registry, {});
    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.error().text, HasSubstr("no/such/out.json for samples (--out): No such"));
}

TEST_F(SampleWriterTest, AFullDiskIsReportedAndCounted) {
    auto opened = SampleWriter::open({{SampleFormat::csv, "/dev/full"}}, registry, {start, wall});
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    SampleWriter& writer = *opened.value();
    Recorder recorder(registry, start, &writer.add_tap());
    const auto tags = recorder.intern({});
    writer.start();
    for (int i = 0; i < 20'000; ++i) recorder.add(id_of(Builtin::checks), tags, 1, start);
    const auto finished = writer.finish();
    ASSERT_FALSE(finished.ok());
    EXPECT_THAT(finished.error().text, HasSubstr("/dev/full: No space left"));
    EXPECT_GT(writer.dropped(), 0U);
    const record::MetricSpec checks = registry.at(id_of(Builtin::checks));
    EXPECT_EQ(recorder.take_snapshot().series[0].metric, registry.find(checks.name).value())
        << "the totals have them all the same";
}

}  // namespace
}  // namespace weir::meter

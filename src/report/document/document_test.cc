#include "report/document/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "report/document/page.h"

namespace weir::report {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto frame =
    "<html><script>if ('__WEIR_REPORT__') go();</script>\n<script type=\"application/json\" "
    "id=\"weir-report\">__WEIR_REPORT__</script>\n</html>";

record::Exchange exchange_of(const std::string& text) {
    record::Exchange exchange;
    exchange.name = exchange.method = exchange.url = exchange.error = text;
    exchange.trace_id = exchange.scenario = exchange.server_timing = text;
    return exchange;
}

/// A run whose every text was chosen by somebody hostile.
record::RunRecord hostile(const std::string& text) {
    record::RunRecord record;
    record.run_id = text;
    record.script = text;
    record.duration = 1s;
    record.target.environment = text;
    record.target.base_url = text;
    record.target.seen = {{.version = text, .instance = text}};
    record.metrics = {{"http_reqs", record::MetricType::counter, record::MetricContains::plain}};
    record::Tags tags;
    for (const char* key : {"name", "scenario", "group", "own"}) tags.set(key, text);
    record::CounterTotal one;
    one.add(1);
    record.series = {{record::MetricId{}, tags, one}};
    (void)record.windows.row_index(record::row_of(tags));
    record.evidence.slowest = {exchange_of(text)};
    record.evidence.script_failures = {{text, text, text, 1}};
    record.warnings = {text};
    return record;
}

std::string document_of(const record::RunRecord& record) {
    record::Verdict verdict;
    verdict.reasons = {record.run_id};
    return report_json({.record = record, .verdict = verdict, .decision = gate::decide(verdict)});
}

std::string between(const std::string& page, const std::string& begin, const std::string& end) {
    const auto from = page.rfind(begin) + begin.size();
    return page.substr(from, page.find(end, from) - from);
}

TEST(Page, NothingInTheDataEndsTheScript) {
    for (const std::string text :
         {"</script><script>alert(1)</script>", "<!--<script>", "]]>", "\xE2\x80\xA8\xE2\x80\xA9",
          "\xFF\xFE\xC0\x80", "\"\\'&#60;/script&#62;", "__WEIR_REPORT__", "\x01\x1b[31m\n\r\t"}) {
        const auto document = document_of(hostile(text));
        const auto page = report_page(frame, document);
        const auto data = between(page, "id=\"weir-report\">", "</script>");
        EXPECT_THAT(data, Not(HasSubstr("<"))) << text;
        EXPECT_THAT(data, Not(HasSubstr("\xE2\x80\xA8")));
        EXPECT_TRUE(page.ends_with("</script>\n</html>")) << text;
        // What the page parses is what programs read.
        const auto shown = base::parse_json(data);
        ASSERT_TRUE(shown.ok()) << shown.error().text;
        EXPECT_EQ(shown.value(), base::parse_json(document).value());
        EXPECT_THAT(page, HasSubstr("if ('__WEIR_REPORT__') go();"));
    }
}

TEST(Page, AFrameWithoutAPlaceStaysAsItIs) {
    EXPECT_EQ(report_page("<p>__WEIR_REPORT__</p>", "{}"), "<p>__WEIR_REPORT__</p>");
}

TEST(Document, LinksOnlyToTheWeb) {
    record::RunRecord record;
    record::Verdict verdict;
    Material material{.record = record, .verdict = verdict, .decision = gate::decide(verdict)};
    material.provenance.trace_url = "javascript:alert('{trace_id}')";
    material.provenance.pipeline_url = "data:text/html,x";
    EXPECT_THAT(report_json(material), Not(HasSubstr("javascript")));
    EXPECT_THAT(report_json(material), Not(HasSubstr("pipelineUrl")));
    EXPECT_EQ(trace_link(material, "1"), "");
    material.provenance.trace_url = "https://t.example/{trace_id}?again={trace_id}";
    EXPECT_THAT(report_json(material), HasSubstr("https://t.example/"));
    EXPECT_EQ(trace_link(material, "0a"), "https://t.example/0a?again=0a");
    EXPECT_EQ(trace_link(material, ""), "");
}

TEST(Document, ARunOfWhichNothingWasAskedIsNoPass) {
    record::RunRecord record;
    record::Verdict verdict;
    verdict.kind = record::VerdictKind::pass;
    Material material{.record = record, .verdict = verdict, .decision = gate::decide(verdict)};
    EXPECT_EQ(verdict_word(material), "none");
    material.verdict.findings.emplace_back();
    EXPECT_EQ(verdict_word(material), "pass");
    material.verdict.findings.clear();
    material.provenance.kind = gate::ResultKind::gate;
    EXPECT_EQ(verdict_word(material), "pass") << "a gate's exit code says so, too";
}

/// An hour at a thousand requests a second, with as many kinds of requests as a record tells apart.
TEST(Document, OfALongCrowdedRunIsUnderThreeMegabytes) {
    record::RunRecord record;
    record.duration = 1h;
    record.metrics = {
        {"http_reqs", record::MetricType::counter, record::MetricContains::plain},
        {"weir_response_time", record::MetricType::trend, record::MetricContains::time},
        {"weir_service_time", record::MetricType::trend, record::MetricContains::time}};
    constexpr int rows = 48;
    constexpr std::uint64_t requests = 3'600'000 / rows;
    for (int i = 0; i < rows; ++i) {
        record::Tags tags;
        tags.set("scenario", "a journey with a name of its own");
        tags.set("name",
                 "https://service.example/a/rather/long/path/of/a/page/" + std::to_string(i));
        tags.set("group", "::a group::of a group");
        tags.set("kind", "page");
        const auto row = record.windows.row_index(record::row_of(tags));
        auto times = stats::Distribution::time();
        for (int ms = 1; ms < 4000; ++ms) times.add(ms * 1.2345 + i, requests / 4000 + 1);
        for (int window = 0; window < 120; ++window) {
            auto& part = record::Windows::of_row(record.windows.at(window * 32s), row);
            part.requests = requests / 120;
            for (int ms = 1; ms < 200; ++ms) {
                part.response_time.add(std::int64_t{ms} * 12'345'678 + window * 1'000'003 + i);
            }
        }
        record::CounterTotal count;
        count.samples = requests;
        tags.set("status", "200");
        tags.set("expected_response", "true");
        record.series.push_back({record::MetricId{0}, tags, count});
        record.series.push_back({record::MetricId{1}, tags, times});
        record.series.push_back({record::MetricId{2}, tags, times});
    }
    EXPECT_EQ(record.windows.all().size(), record::Windows::windows_most);
    auto long_one = exchange_of("page");
    long_one.url = long_one.error = std::string(100'000, 'u');
    record.evidence.slowest.assign(100, long_one);
    record.evidence.failed_requests = record.evidence.slowest;
    const auto document = document_of(record);
    EXPECT_LT(document.size(), 2'000'000U);
    EXPECT_GT(document.size(), 500'000U) << "all rows are in it";
}

TEST(Document, UsersAreKnownOfWindowsThatTheirGaugePassedOver) {
    record::RunRecord record;
    record.duration = 4s;
    const auto window = [&](int second) -> record::Window& {
        return record.windows.at(second * 1s);
    };
    window(0).iterations_started = 5;
    window(0).vus = 3;
    window(1).iterations_started = 4;  // the gauge was not read
    window(2).iterations_finished = 9;
    window(3).iterations_started = window(3).iterations_finished = 25;  // each ended at once
    const auto json = base::Json::parse(document_of(record), nullptr, false);
    EXPECT_EQ(json.at("timeline").at("users"), (base::Json{5, 9, 0, 1}));
}

TEST(Document, NamesAScriptWithoutTheMachinesFolders) {
    record::RunRecord record;
    record.script = "/builds/4711/journeys/weir-suite.js";
    EXPECT_THAT(document_of(record), HasSubstr(R"("script":"weir-suite.js")"));
    record.script = "journeys/dashboard.js";
    EXPECT_THAT(document_of(record), HasSubstr(R"("script":"journeys/dashboard.js")"));
}

}  // namespace
}  // namespace weir::report

#include "report/times_text.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/display.h"

namespace weir::report {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t ms = 1'000'000;

stats::Histogram values(std::initializer_list<std::pair<std::int64_t, std::uint64_t>> counts) {
    stats::Histogram made;
    for (const auto& [value, times] : counts) made.add(value * ms, times);
    return made;
}

/// 1 ms to 1 s: three decades.
BarScale decades(std::size_t columns, bool unicode = true) {
    return {.low = 1e6, .high = 1e9, .columns = columns, .unicode = unicode};
}

TEST(Bars, AreLogarithmic) {
    EXPECT_EQ(bars_of(values({{2, 8}, {20, 4}, {200, 1}}), decades(3)), "█▄▁");
    EXPECT_EQ(bars_of(values({{2, 8}, {200, 8}}), decades(3)), "█ █");
    EXPECT_EQ(bars_of(values({{2, 8}, {20, 4}, {200, 1}}), decades(3, false)), "@=.");
}

TEST(Bars, OneOfAMillionIsSeenAndEndsBelongToTheEnds) {
    EXPECT_EQ(bars_of(values({{1, 1'000'000}, {1000, 1}}), decades(3)), "█ ▁");
    EXPECT_EQ(bars_of(stats::Histogram(), decades(4)), "    ");
}

TEST(Marks, StandUnderTheirPercentiles) {
    const auto times = values({{2, 90}, {20, 6}, {200, 4}});
    EXPECT_EQ(marks_of(times, decades(30)), "   ↑50       ↑95       ↑99");
    EXPECT_EQ(marks_of(times, decades(30, false)), "   ^50       ^95       ^99");
    EXPECT_EQ(marks_of(values({{2, 100}}), decades(30)), "   ↑50/95/99");
}

record::RunRecord record_of(std::initializer_list<std::pair<const char*, int>> requests) {
    record::RunRecord record;
    record.metrics = {
        {"weir_response_time", record::MetricType::trend, record::MetricContains::time}};
    for (const auto& [name, time] : requests) {
        record::Series series{record::MetricId{0}, {}, stats::Distribution::time()};
        series.tags.set("name", name);
        if (std::string_view(name) == "log in") series.tags.set("step", "sign_in");
        std::get<stats::Distribution>(series.total).add(time, 100);
        record.series.push_back(std::move(series));
    }
    return record;
}

TEST(Times, ShowTheSlowestRequestsOnOneScale) {
    const auto record = record_of(
        {{"a", 1}, {"b", 10}, {"c", 2}, {"d", 3}, {"e", 5000}, {"f", 4}, {"log in", 9000}});
    const std::string text = times_text(record, true);
    EXPECT_THAT(text, HasSubstr("response times by request, 2ms to 5s, logarithmic\n    e  "));
    EXPECT_THAT(text, HasSubstr("\n    b  "));
    EXPECT_THAT(text, Not(HasSubstr("\n    a  ")));
    EXPECT_THAT(text, Not(HasSubstr("log in")));
    EXPECT_THAT(text, HasSubstr("p50=5s"));
}

TEST(Times, AreInertAndAsciiWhereTheTerminalIs) {
    const auto record = record_of({{"\x1b[31m日本", 3}});
    EXPECT_THAT(times_text(record, true), HasSubstr("    \\x1b[31m日本  "));
    for (const char c : times_text(record, false)) {
        EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
    }
}

TEST(Times, UrlsAreShownWithoutWhatMayBeSecret) {
    const auto record =
        record_of({{"http://h.test/a?token=hunter2", 3}, {"http://h.test/a?x=1", 3}});
    const std::string text = times_text(record, true);
    EXPECT_THAT(text, HasSubstr("\n    http://h.test/a  "));
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
    record::Exchange exchange;
    exchange.name = "http://h.test/a?token=hunter2";
    exchange.url = "http://h.test/a?token=***";
    EXPECT_THAT(slowest_text(exchange), HasSubstr("http://h.test/a?token=***"));
    EXPECT_THAT(slowest_text(exchange), Not(HasSubstr("hunter2")));
}

TEST(Times, OfARunWithoutNamedRequestsThereAreNone) {
    EXPECT_EQ(times_text(record::RunRecord(), true), "");
    EXPECT_EQ(times_text(record_of({}), true), "");
}

TEST(Slowest, LeadsToTheCause) {
    record::Exchange exchange;
    exchange.name = "dashboard";
    exchange.status = 200;
    exchange.response_time = milliseconds(7610);
    EXPECT_EQ(slowest_text(exchange), "7.61s dashboard");
    exchange.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    exchange.server_timing = "cache;desc=miss, render;dur=12, db;dur=7210, a;dur=1, b;dur=2";
    EXPECT_EQ(slowest_text(exchange),
              "7.61s dashboard, trace 4bf92f3577b34da6a3ce929d0e0e4736, db 7.21s, render 12ms, "
              "b 2ms");
    exchange.status = 0;
    exchange.name = "x\x1b]0;";
    EXPECT_THAT(slowest_text(exchange), HasSubstr("7.61s x\\x1b]0;, no answer, trace"));
}

TEST(Slowest, OfARequestIsItsOwn) {
    record::Evidence evidence;
    EXPECT_EQ(slowest_of(evidence, ""), nullptr);
    evidence.slowest.resize(2);
    evidence.slowest[0].name = "slow";
    evidence.slowest[1].name = "fast";
    EXPECT_EQ(slowest_of(evidence, "fast"), &evidence.slowest[1]);
    EXPECT_EQ(slowest_of(evidence, ""), &evidence.slowest[0]);
    EXPECT_EQ(slowest_of(evidence, "none"), nullptr);
}

}  // namespace
}  // namespace weir::report

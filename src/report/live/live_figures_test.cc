#include "report/live/live_figures.h"

#include <gtest/gtest.h>

namespace weir::report {
namespace {

using namespace std::chrono_literals;
using record::FindingState;
using record::MetricType;

/// Totals that grow, as an observer sees them.
class Totals {
public:
    Totals() {
        metrics_ = {{"http_reqs", MetricType::counter, record::MetricContains::plain},
                    {"http_req_failed", MetricType::rate, record::MetricContains::plain},
                    {"weir_response_time", MetricType::trend, record::MetricContains::time}};
        for (std::uint32_t i = 0; i < metrics_.size(); ++i) {
            series_.push_back(
                {static_cast<record::MetricId>(i), {}, record::aggregate_for(metrics_[i])});
        }
    }
    void requests(std::uint64_t count, double ms, bool failed = false) {
        for (std::uint64_t i = 0; i < count; ++i) {
            record::add(series_[0].total, 1, {});
            record::add(series_[1].total, failed ? 1 : 0, {});
            record::add(series_[2].total, ms, {});
        }
    }
    void side(const char* name) { series_[2].tags.set("side", name); }
    [[nodiscard]] record::MetricView view() const { return {metrics_, series_, 1s}; }

private:
    std::vector<record::MetricSpec> metrics_;
    std::vector<record::Series> series_;
};

LiveCounts at(base::Nanos elapsed, std::uint64_t due, std::uint64_t started) {
    return {.elapsed = elapsed,
            .planned = 60s,
            .due = due,
            .started = started,
            .done = started,
            .dropped = due - started,
            .threw = 0,
            .interrupted = 0,
            .users_active = 3,
            .users = 5};
}

TEST(LiveFigures, TellTheLastSecondsFromTheWholeRun) {
    Totals totals;
    LiveFigures figures;
    LiveState state;
    for (int second = 1; second <= 30; ++second) {
        totals.requests(100, second <= 20 ? 10 : 1000, second > 25);
        const auto due = static_cast<std::uint64_t>(second) * 50;
        figures.look(at(second * 1s, due, second <= 20 ? due : 1000), totals.view(), state);
    }
    EXPECT_EQ(state.lately, 10s);
    EXPECT_NEAR(state.requests_per_second, 100, 1e-9);
    EXPECT_NEAR(state.due_per_second, 50, 1e-9);
    EXPECT_NEAR(state.started_per_second, 0, 1e-9);
    EXPECT_EQ(state.requests, 3000U);
    EXPECT_EQ(state.failed, 500U);
    EXPECT_EQ(state.failed_lately, 500U);
    EXPECT_EQ(state.recent.count, 1000U);
    EXPECT_NEAR(state.recent.p50, 1000, 1);
    EXPECT_NEAR(state.whole.p50, 10, 0.1);
    EXPECT_NEAR(state.whole.p95, 1000, 1);
    EXPECT_EQ(state.counts.dropped, 500U);
}

TEST(LiveFigures, AtFirstLatelyIsTheWholeRun) {
    Totals totals;
    LiveFigures figures;
    LiveState state;
    figures.look(at(0s, 0, 0), totals.view(), state);
    EXPECT_EQ(state.requests_per_second, 0);
    EXPECT_EQ(state.recent.count, 0U);
    totals.requests(10, 5);
    figures.look(at(2s, 20, 20), totals.view(), state);
    EXPECT_EQ(state.lately, 2s);
    EXPECT_NEAR(state.started_per_second, 10, 1e-9);
    EXPECT_EQ(state.recent.count, 10U);
}

TEST(LiveFigures, LooksMayBeFarApart) {
    Totals totals;
    LiveFigures figures;
    LiveState state;
    for (int look = 1; look <= 5; ++look) {
        totals.requests(1000, 5);
        figures.look(at(look * 60s, 0, 0), totals.view(), state);
        EXPECT_EQ(state.lately, 60s);
        EXPECT_EQ(state.recent.count, 1000U);
    }
}

TEST(LiveFigures, ADuetHasTwoParts) {
    Totals totals;
    LiveFigures figures;
    LiveState state;
    totals.side("candidate");
    totals.requests(10, 7);
    figures.look(at(1s, 1, 1), totals.view(), state);
    ASSERT_EQ(state.parts.size(), 1U);
    EXPECT_EQ(state.parts[0].name, "candidate");
    EXPECT_NEAR(state.parts[0].times.p50, 7, 0.01);
}

TEST(TimesBetween, AreThoseOfThePartThatWasAdded) {
    stats::Histogram before;
    for (std::int64_t ms = 1; ms <= 100; ++ms) before.add(ms * 1'000'000);
    stats::Histogram now = before;
    EXPECT_EQ(times_between(before, now).count, 0U);
    now.add(500'000'000, 99);
    now.add(50'000'000);
    const LiveTimes times = times_between(before, now);
    EXPECT_EQ(times.count, 100U);
    EXPECT_NEAR(times.p50, 500, 0.5);
    EXPECT_NEAR(times.p99, 500, 0.5);
}

TEST(FigureOf, IsShort) {
    record::Finding finding;
    finding.value = 0.98724;
    EXPECT_EQ(figure_of(finding), "");
    finding.samples = 512;
    EXPECT_EQ(figure_of(finding), "98.72 % of 512");
    finding.unit = record::FigureUnit::milliseconds;
    finding.value = 412;
    EXPECT_EQ(figure_of(finding), "412ms");
    finding.unit = record::FigureUnit::per_second;
    finding.value = 24.12;
    EXPECT_EQ(figure_of(finding), "24.1/s");
}

TEST(RulesOf, ThresholdsHaveStateAndFigure) {
    Totals totals;
    const auto set = [](const char* key, const char* source) {
        auto made = plan::parse_threshold_key(key).value();
        made.thresholds.push_back(plan::parse_threshold(source).value());
        return made;
    };
    const std::vector<plan::ThresholdSet> sets{set("weir_response_time", "p(95)<200"),
                                               set("http_req_failed", "rate<0.01")};
    for (const auto& rule : rules_of(sets, totals.view())) {
        EXPECT_EQ(rule.state, FindingState::undecided);
        EXPECT_EQ(rule.figure, "");
    }
    totals.requests(10, 300);
    const auto rules = rules_of(sets, totals.view());
    ASSERT_EQ(rules.size(), 2U);
    EXPECT_EQ(rules[0].text, "weir_response_time: p(95)<200");
    EXPECT_EQ(rules[0].state, FindingState::missed);
    EXPECT_EQ(rules[0].figure, "p(95)=300ms");
    EXPECT_EQ(rules[1].state, FindingState::held);
    EXPECT_EQ(rules[1].figure, "rate=0.00%");
}

}  // namespace
}  // namespace weir::report

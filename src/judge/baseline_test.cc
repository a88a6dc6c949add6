#include "judge/baseline.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "judge/judge.h"
#include "judge/request_figures.h"

namespace weir::judge {
namespace {

using record::FindingState;
using record::VerdictKind;
using testing::HasSubstr;

record::PastRun past_run(double median, double p95, std::uint64_t answered = 750) {
    record::PastRun run;
    run.requests = {{.journey = "j",
                     .request = "page",
                     .answered = answered,
                     .failed = 0,
                     .mean_ms = 0,
                     .median_ms = median,
                     .p95_ms = p95,
                     .p99_ms = 0,
                     .histogram = {}}};
    return run;
}

/// Newest first; each run's times are those of a typical one, times exp(0.1 N(0, 1)).
std::vector<record::PastRun> history(base::Random& random, int runs, double median) {
    std::vector<record::PastRun> past;
    for (int i = 0; i < runs; ++i) {
        const double noise = std::exp(0.1 * std::sqrt(-2 * std::log(1 - random.unit())) *
                                      std::cos(2 * std::numbers::pi * random.unit()));
        past.push_back(past_run(median * noise, 2 * median * noise));
    }
    return past;
}

/// A run whose page took `ms` at the median and twice as long at the 95 % quantile.
record::RunRecord run_with(double ms, std::uint64_t answered = 750) {
    record::RunRecord record;
    record.duration = std::chrono::seconds(30);
    record.metrics.push_back(
        {"weir_response_time", record::MetricType::trend, record::MetricContains::time});
    record.scenarios.push_back({.name = "j",
                                .executor = "constant-arrival-rate",
                                .open_model = true,
                                .offered = answered,
                                .started = answered,
                                .completed = answered});
    record::Series series{.metric = static_cast<record::MetricId>(0), .tags = {}, .total = {}};
    series.tags.set("scenario", "j");
    series.tags.set("name", "page");
    series.tags.set("expected_response", "true");
    auto times = stats::Distribution::time();
    times.add(ms, answered * 9 / 10);
    times.add(2 * ms, answered - answered * 9 / 10);
    series.total = std::move(times);
    record.series.push_back(std::move(series));
    return record;
}

Baseline drawn_from(const std::vector<record::PastRun>& past,
                    plan::SlowerPolicy policy = plan::SlowerPolicy::fail) {
    plan::BaselineRule rule;
    rule.on_slower = policy;
    return draw_baseline(past, rule);
}

record::Verdict verdict_of(const record::RunRecord& record, const Baseline& baseline) {
    Criteria criteria;
    criteria.baseline = baseline;
    return judge(record, criteria);
}

int missed(const std::vector<record::Finding>& findings) {
    return static_cast<int>(std::count_if(findings.begin(), findings.end(), [](const auto& each) {
        return each.state == FindingState::missed;
    }));
}

TEST(Baseline, FewRunsAreNoneAndThatIsSaid) {
    base::Random random(1);
    const auto baseline = drawn_from(history(random, 4, 200));
    EXPECT_TRUE(baseline.limits.empty());
    const auto verdict = verdict_of(run_with(9000), baseline);
    EXPECT_EQ(verdict.kind, VerdictKind::pass);
    ASSERT_EQ(verdict.signals.size(), 1U);
    EXPECT_EQ(verdict.signals[0].name, "no baseline yet");
    EXPECT_THAT(verdict.signals[0].words, HasSubstr("has 4 runs"));
}

TEST(Baseline, AnUnchangedServiceIsHardlyEverCalledSlower) {
    base::Random random(2);
    int alarms = 0;
    constexpr int gates = 2000;
    for (int i = 0; i < gates; ++i) {
        const auto baseline = drawn_from(history(random, 10, 400));
        const auto now = history(random, 1, 400);
        const double median = now[0].requests[0].median_ms;
        alarms +=
            missed(compare_with_baseline(request_figures(run_with(median)), baseline)) > 0 ? 1 : 0;
    }
    EXPECT_LE(alarms, gates / 100);
}

TEST(Baseline, ASlowdownIsFoundAndNamed) {
    base::Random random(3);
    int found = 0;
    for (int i = 0; i < 100; ++i) {
        const auto baseline = drawn_from(history(random, 20, 400));
        const auto verdict = verdict_of(run_with(640), baseline);
        found += verdict.kind == VerdictKind::fail ? 1 : 0;
    }
    EXPECT_GE(found, 90);
    const auto verdict = verdict_of(run_with(800), drawn_from(history(random, 20, 400)));
    ASSERT_EQ(verdict.kind, VerdictKind::fail);
    EXPECT_THAT(verdict.reasons[0], HasSubstr("median of `page` as in the last runs: 800"));
    EXPECT_THAT(verdict.reasons[0], HasSubstr("% on the usual"));
}

TEST(Baseline, BelowThePracticalThresholdNothingIsSlower) {
    base::Random random(4);
    // Twice as slow, but by 10 ms: nobody notices.
    EXPECT_EQ(missed(compare_with_baseline(request_figures(run_with(20)),
                                           drawn_from(history(random, 20, 10)))),
              0);
}

TEST(Baseline, RunsBeforeAChangeAreLeftOut) {
    base::Random random(5);
    auto past = history(random, 10, 400);  // since the fix
    for (auto& old : history(random, 20, 1200)) past.push_back(old);
    const auto baseline = drawn_from(past);
    ASSERT_EQ(baseline.limits.size(), 2U);
    EXPECT_EQ(baseline.limits[0].changed_ago, 10U);
    EXPECT_EQ(missed(compare_with_baseline(request_figures(run_with(800)), baseline)), 2);
}

TEST(Baseline, AReportAloneBlocksNothing) {
    base::Random random(6);
    const auto baseline = drawn_from(history(random, 20, 400), plan::SlowerPolicy::report);
    const auto verdict = verdict_of(run_with(4000), baseline);
    EXPECT_EQ(verdict.kind, VerdictKind::pass);
    ASSERT_EQ(verdict.signals.size(), 2U);
    EXPECT_EQ(verdict.signals[0].name, "slower than the last runs");
    EXPECT_TRUE(verdict.signals[0].note);
}

TEST(Baseline, FiguresOfChanceAreNotCompared) {
    base::Random random(7);
    const auto baseline = drawn_from(history(random, 20, 400));
    EXPECT_EQ(missed(compare_with_baseline(request_figures(run_with(4000, 99)), baseline)), 1)
        << "the median alone";
    const auto verdict = verdict_of(run_with(4000, 19), baseline);
    EXPECT_EQ(verdict.kind, VerdictKind::pass);
    ASSERT_EQ(verdict.signals.size(), 1U);
    EXPECT_THAT(verdict.signals[0].words, HasSubstr("hardly: `page` of j"));
    // Nor are they a baseline.
    std::vector<record::PastRun> short_runs(20, past_run(400, 800, 19));
    EXPECT_TRUE(drawn_from(short_runs).limits.empty());
}

TEST(Baseline, TheGeneratorsTroubleIsNoSlowdown) {
    base::Random random(8);
    auto record = run_with(800);
    record.scenarios[0].late = 700;
    const auto verdict = verdict_of(record, drawn_from(history(random, 20, 400)));
    EXPECT_EQ(verdict.kind, VerdictKind::invalid);
}

TEST(Baseline, IsKeptWithTheCriteriaToTheLastBit) {
    base::Random random(9);
    Criteria criteria;
    criteria.baseline = drawn_from(history(random, 20, 400));
    const auto again = decode_criteria(encode(criteria));
    ASSERT_TRUE(again.ok()) << again.error().text;
    EXPECT_EQ(encode(again.value()), encode(criteria));
    const auto record = run_with(800);
    EXPECT_EQ(record::encode(judge(record, again.value())),
              record::encode(judge(record, criteria)));
}

}  // namespace
}  // namespace weir::judge

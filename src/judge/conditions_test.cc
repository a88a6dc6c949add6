#include "judge/conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/judge.h"

namespace weir::judge {
namespace {

using namespace std::chrono_literals;
using record::FindingState;
using testing::HasSubstr;

/// A record whose windows and totals are filled second by second.
class Timeline {
public:
    explicit Timeline(int seconds) {
        for (const char* name : {"weir_response_time", "weir_service_time", "checks"}) {
            made.metrics.push_back({name,
                                    std::string_view(name) == "checks" ? record::MetricType::rate
                                                                       : record::MetricType::trend,
                                    record::MetricContains::time});
        }
        made.duration = seconds * 1s;
        record::ScenarioOutcome all;
        all.open_model = true;
        all.offered = all.started = all.completed = 25U * static_cast<unsigned>(seconds);
        all.schedule_end = seconds * 1s;
        made.scenarios.push_back(all);
    }

    /// `count` answers in one second, each after `time`.
    Timeline& answers(int second,
                      std::uint64_t count,
                      base::Nanos time,
                      const char* status = "200") {
        record::Tags tags;
        tags.set("name", "page");
        auto& windows = made.windows;
        auto& row = record::Windows::of_row(windows.at(second * 1s), windows.row_index(tags));
        const bool bad = status[0] == '5';
        row.requests += count;
        row.failed += bad ? count : 0;
        if (!bad) row.response_time.add(time.count(), count);
        row.add_status(static_cast<std::uint16_t>(std::stoi(status)), count);
        tags.set("status", status);
        tags.set("expected_response", bad ? "false" : "true");
        for (const auto metric : {0U, 1U}) {
            auto times = stats::Distribution::time();
            times.add(base::to_ms(time), count);
            made.series.push_back({static_cast<record::MetricId>(metric), tags, std::move(times)});
        }
        return *this;
    }
    Timeline& answers_throughout(std::uint64_t count, base::Nanos time) {
        for (int second = 0; second < made.duration / 1s; ++second) answers(second, count, time);
        return *this;
    }

    record::RunRecord made;
};

Criteria asking(std::string_view text) {
    Criteria criteria;
    criteria.conditions.push_back(plan::parse_condition(text).value());
    return criteria;
}

record::Finding finding_of(const Timeline& timeline, std::string_view text) {
    const Criteria criteria = asking(text);
    return judge_condition(timeline.made, criteria.conditions.front(), criteria);
}

TEST(JudgeCondition, IsDecidedWhereTheEvidenceIsEnough) {
    const auto fast =
        finding_of(Timeline(30).answers_throughout(25, 100ms), "98 % of `page` under 2 s");
    EXPECT_EQ(fast.state, FindingState::held);
    EXPECT_TRUE(fast.decided);
    const auto slow =
        finding_of(Timeline(30).answers_throughout(25, 3s), "p98 of `page` under 2 s");
    EXPECT_EQ(slow.state, FindingState::missed);
    EXPECT_TRUE(slow.decided);
    EXPECT_EQ(slow.condition, "p98 of `page` under 2s");
}

TEST(JudgeCondition, AShortRunIsWeakAndThePolicySaysWhatThatMeans) {
    const auto timeline = Timeline(5).answers_throughout(25, 100ms);
    auto criteria = asking("98 % of `page` under 2 s");
    const auto state = [&](plan::UndecidedPolicy policy) {
        criteria.decisions.undecided = policy;
        const auto finding = judge_condition(timeline.made, criteria.conditions.front(), criteria);
        EXPECT_TRUE(finding.weak);
        EXPECT_THAT(finding.words, HasSubstr("not decided for sure"));
        return finding.state;
    };
    EXPECT_EQ(state(plan::UndecidedPolicy::estimate), FindingState::held);
    EXPECT_EQ(state(plan::UndecidedPolicy::pass), FindingState::held);
    EXPECT_EQ(state(plan::UndecidedPolicy::fail), FindingState::missed);
    EXPECT_EQ(state(plan::UndecidedPolicy::invalid), FindingState::undecided);
}

TEST(JudgeCondition, KnowsMeansFlowsAndStatuses) {
    auto timeline = Timeline(40).answers_throughout(25, 100ms);
    for (int second = 0; second < 40; ++second) timeline.answers(second, 5, 1ms, "503");
    const auto mean = finding_of(timeline, "mean of `page` under 200 ms");
    EXPECT_EQ(mean.state, FindingState::held);
    EXPECT_NEAR(mean.value, 100, 0.2);
    EXPECT_EQ(finding_of(timeline, "mean of `page` under 50 ms").state, FindingState::missed);
    EXPECT_EQ(finding_of(timeline, "at least 20 requests per second of `page`").state,
              FindingState::held);
    const auto flow = finding_of(timeline, "at least 26 requests per second of `page`");
    EXPECT_EQ(flow.state, FindingState::missed);
    EXPECT_NEAR(flow.value, 25, 1e-9);
    const auto bad = finding_of(timeline, "at most 1 % status 5xx of `page`");
    EXPECT_EQ(bad.state, FindingState::missed);
    EXPECT_NEAR(bad.value, 1.0 / 6, 1e-9);
    EXPECT_EQ(finding_of(timeline, "at most 1 % status 404").state, FindingState::held);
}

TEST(JudgeCondition, AStretchIsNotMadeGoodByTheOthers) {
    auto timeline = Timeline(60);
    for (int second = 0; second < 60; ++second) {
        timeline.answers(second, 25, second < 48 ? 100ms : 3s);
    }
    EXPECT_EQ(finding_of(timeline, "75 % of `page` under 2 s").state, FindingState::held);
    const auto each = finding_of(timeline, "75 % of `page` under 2 s over 12 s");
    EXPECT_EQ(each.state, FindingState::missed);
    EXPECT_TRUE(each.decided);
    EXPECT_THAT(each.words, HasSubstr("from 48s to 1m0s"));

    auto criteria = asking("75 % of `page` under 2 s in each step");
    criteria.steps = {{48s, 25}, {12s, 25}};
    EXPECT_EQ(judge_condition(timeline.made, criteria.conditions.front(), criteria).state,
              FindingState::missed);
}

TEST(JudgeCondition, AMissOfTheGeneratorIsInvalidNeverAFail) {
    auto timeline = Timeline(30).answers_throughout(25, 100ms);
    timeline.made.health.loop_stall_max = 200ms;
    const auto verdict = judge(timeline.made, asking("generator stall under 100 ms"));
    EXPECT_EQ(verdict.kind, record::VerdictKind::invalid);
    EXPECT_EQ(judge(timeline.made, asking("generator stall under 300 ms")).kind,
              record::VerdictKind::pass);
}

TEST(Judge, ASoftSignalSpoilsWhatIsCloseAndNothingElse) {
    auto close = Timeline(30);
    for (int second = 0; second < 30; ++second) {
        close.answers(second, 24, 100ms).answers(second, 1, second % 2 == 0 ? 3s : 100ms);
    }
    auto clear = Timeline(30).answers_throughout(25, 100ms);
    auto slow = Timeline(30).answers_throughout(25, 3s);
    const auto criteria = asking("98 % of `page` under 2 s");
    EXPECT_EQ(judge(close.made, criteria).kind, record::VerdictKind::pass);
    for (auto* each : {&close, &clear, &slow}) {
        record::Probed target;
        target.probes = {{-1s, 1ms, 200}, {5s, 300ms, 200}, {6s, 300ms, 200}};
        each->made.surroundings.probed = {target};
    }
    EXPECT_EQ(judge(close.made, criteria).kind, record::VerdictKind::invalid);
    EXPECT_EQ(judge(clear.made, criteria).kind, record::VerdictKind::pass);
    EXPECT_EQ(judge(slow.made, criteria).kind, record::VerdictKind::fail);
}

}  // namespace
}  // namespace weir::judge

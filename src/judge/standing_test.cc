#include "judge/standing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::judge {
namespace {

using namespace std::chrono_literals;
using record::FindingState;
using testing::HasSubstr;

/// `count` answers a second of the request `page`, each after `time`, from one second to another.
void answers(record::Windows& windows, int from, int until, std::uint64_t count, base::Nanos time) {
    record::Tags tags;
    tags.set("name", "page");
    for (int second = from; second < until; ++second) {
        auto& row = record::Windows::of_row(windows.at(second * 1s), windows.row_index(tags));
        row.requests += count;
        row.response_time.add(time.count(), count);
        row.add_status(200, count);
    }
}

record::Windows throughout(int seconds, base::Nanos time) {
    record::Windows windows;
    answers(windows, 0, seconds, 25, time);
    return windows;
}

Criteria asking(std::initializer_list<std::string_view> texts) {
    Criteria criteria;
    for (const auto text : texts) {
        criteria.conditions.push_back(plan::parse_condition(text).value());
    }
    return criteria;
}

TEST(DecidedSoFar, AnswersThatMayStillComeAreNotCounted) {
    const auto fast = throughout(30, 100ms);
    const auto criteria = asking({"98 % of `page` under 2 s"});
    EXPECT_FALSE(decided_so_far(fast, criteria, 11s).all_held);
    EXPECT_TRUE(decided_so_far(fast, criteria, 30s).all_held);
    EXPECT_THAT(decided_so_far(throughout(30, 3s), criteria, 30s).missed, HasSubstr("`page`"));
    EXPECT_FALSE(decided_so_far(fast, asking({"at least 95 % of the rate"}), 30s).all_held);
}

TEST(Standings, TurnFromUndecidedToHeldOrMissed) {
    const auto criteria = asking({"98 % of `page` under 2 s", "98 % of `page` under 50 ms"});
    const auto windows = throughout(60, 100ms);
    const auto early = standings(windows, criteria, {6s, 60s});
    ASSERT_EQ(early.size(), 2U);
    EXPECT_EQ(early[0].state, FindingState::undecided);
    EXPECT_EQ(early[0].value, 1.0);
    EXPECT_EQ(early[0].samples, 75U);  // of the seconds whose answers are in
    EXPECT_EQ(early[1].state, FindingState::undecided);
    EXPECT_EQ(early[1].value, 0.0);
    const auto late = standings(windows, criteria, {60s, 60s});
    EXPECT_EQ(late[0].state, FindingState::held);
    EXPECT_EQ(late[1].state, FindingState::missed);
    EXPECT_TRUE(late[0].decided && late[1].decided);
    EXPECT_EQ(late[0].condition, criteria.conditions[0].text());
}

TEST(Standings, TooFewSamplesDecideNothing) {
    auto criteria = asking({"98 % of `page` under 2 s"});
    criteria.conditions[0].min_samples = 100'000;
    const auto all = standings(throughout(60, 100ms), criteria, {60s, 60s});
    EXPECT_EQ(all[0].state, FindingState::undecided);
    EXPECT_FALSE(all[0].decided);
    EXPECT_GT(all[0].samples, 0U);
}

TEST(Standings, NothingIsKnownAtFirstNorOfWhatTheEndDecides) {
    const auto criteria = asking({"98 % of `page` under 2 s", "at least 95 % of the rate",
                                  "generator stall under 100 ms", "98 % of `other` under 2 s",
                                  "at least 20 requests per second of `page`"});
    for (const auto& each : standings(record::Windows(), criteria, {0s, 60s})) {
        EXPECT_EQ(each.state, FindingState::undecided) << each.condition;
        EXPECT_EQ(each.samples, 0U) << each.condition;
    }
    const auto later = standings(throughout(60, 100ms), criteria, {60s, 60s});
    EXPECT_EQ(later[1].samples, 0U);
    EXPECT_EQ(later[2].samples, 0U);
    EXPECT_EQ(later[3].samples, 0U);
    EXPECT_EQ(later[4].state, FindingState::held);
    EXPECT_NEAR(later[4].value, 25, 1e-9);
}

TEST(Standings, OfStretchesTheWorstThatIsOver) {
    record::Windows windows;
    answers(windows, 0, 24, 25, 100ms);
    answers(windows, 24, 36, 25, 3s);
    answers(windows, 36, 60, 25, 100ms);
    auto criteria = asking({"75 % of `page` under 2 s over 12 s"});
    const auto at = [&](base::Nanos elapsed) {
        return standings(windows, criteria, {elapsed, 60s}).front();
    };
    EXPECT_EQ(at(10s).samples, 0U);
    EXPECT_EQ(at(26s).state, FindingState::undecided);
    EXPECT_EQ(at(26s).value, 1.0);
    EXPECT_EQ(at(40s).state, FindingState::missed);
    EXPECT_EQ(at(40s).value, 0.0);
    EXPECT_EQ(at(60s).state, FindingState::missed);  // good stretches do not make it good again

    criteria = asking({"75 % of `page` under 2 s in each step"});
    criteria.steps = {{24s, 25}, {12s, 25}, {24s, 25}};
    EXPECT_EQ(at(30s).state, FindingState::undecided);
    EXPECT_EQ(at(40s).state, FindingState::missed);
    EXPECT_TRUE(decided_so_far(windows, criteria, 40s).missed.empty());  // the run goes on
}

}  // namespace
}  // namespace weir::judge

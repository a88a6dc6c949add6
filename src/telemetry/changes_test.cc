#include "telemetry/changes.h"

#include <gtest/gtest.h>

#include "telemetry/test_moments.h"

namespace weir::telemetry {
namespace {

using std::chrono::seconds;

TEST(Changes, AreWhatCameSinceItWasTaken) {
    TestRun run;
    Changes changes;
    run.request(10);
    run.users(3);
    const auto first = run.after(seconds(1));
    EXPECT_EQ(record::samples_of(changes.of(*first, 0)), 1U);
    EXPECT_EQ(changes.since(*first, 0), first->since);
    changes.take(first, 0, 4);
    EXPECT_TRUE(is_empty(changes.of(*first, 0)));
    EXPECT_TRUE(is_empty(changes.of(*first, 3)));
    run.request(30, false);
    run.request(20);
    const auto second = run.after(seconds(1));
    EXPECT_EQ(std::get<record::CounterTotal>(changes.of(*second, 0)).sum.value(), 2);
    EXPECT_EQ(std::get<record::RateTotal>(changes.of(*second, 2)),
              (record::RateTotal{.passes = 1, .fails = 1}));
    const auto fresh = std::get<stats::Distribution>(changes.of(*second, 3));
    EXPECT_EQ(fresh.count(), 2U);
    EXPECT_DOUBLE_EQ(fresh.sum(), 50);
    EXPECT_NEAR(fresh.min(), 20, 0.02);
    EXPECT_EQ(fresh.max(), 30);
    EXPECT_EQ(changes.since(*second, 3), first->at);
    EXPECT_EQ(std::get<record::GaugeTotal>(changes.of(*second, 1)).last, 3) << "as it is";
}

TEST(Changes, ThatWereNotTakenArePartOfTheNext) {
    TestRun run;
    Changes changes;
    run.request(10);
    const auto first = run.after(seconds(1));
    changes.take(first, 0, 1);  // the counter alone arrived
    run.request(20);
    const auto second = run.after(seconds(1));
    EXPECT_EQ(record::samples_of(changes.of(*second, 0)), 1U);
    EXPECT_EQ(record::samples_of(changes.of(*second, 3)), 2U);
    EXPECT_EQ(changes.since(*second, 3), second->since);
}

TEST(Moment, LeavesTagsOutAndFoldsWhatBecomesTheSame) {
    TestRun run;
    run.request(10);
    record::Tags other;
    other.set("name", "dash board");
    other.set("method", "POST");
    other.set("empty", "");
    run.moment().series.push_back(
        {.metric = record::MetricId{0}, .tags = other, .total = run.moment().series[0].total});
    const Moment folded = with_tags(*run.after(seconds(1)),
                                    {.added = {{"team", "cases"}, {"name", "mine"}, {"no", ""}},
                                     .left_out = {"method"},
                                     .kept = {}});
    ASSERT_EQ(folded.series.size(), 4U);
    EXPECT_EQ(std::get<record::CounterTotal>(folded.series[0].total).sum.value(), 2);
    EXPECT_EQ(folded.series[0].tags.pairs(), (std::vector<std::pair<std::string, std::string>>{
                                                 {"name", "dash board"}, {"team", "cases"}}))
        << "a tag of the run is not replaced, an empty one says nothing";
    const Moment bare =
        with_tags(*run.after(seconds(1)), {.added = {}, .left_out = {}, .kept = {{"check"}}});
    ASSERT_EQ(bare.series.size(), 4U);
    EXPECT_TRUE(bare.series[0].tags.empty());
    EXPECT_EQ(*bare.series[2].tags.find("check"), "status is 200");
}

}  // namespace
}  // namespace weir::telemetry

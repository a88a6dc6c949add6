#include "record/group_tree.h"

#include <gtest/gtest.h>

namespace weir::record {
namespace {

const std::vector<MetricSpec> metrics = {
    {"checks", MetricType::rate, MetricContains::plain},
    {"group_duration", MetricType::trend, MetricContains::time}};

Series check(const char* group, const char* name, std::uint64_t passes, std::uint64_t fails) {
    Series series{MetricId{0}, {}, RateTotal{passes, fails}};
    series.tags.set("group", group);
    series.tags.set("check", name);
    return series;
}

TEST(GroupTree, NestsGroupsAndSumsChecksOverTheirSeries) {
    std::vector<Series> series = {
        check("", "at the root", 3, 0), check("::sign in", "has a token", 2, 1),
        check("::journey::search", "is 200", 5, 0), check("::sign in", "has a token", 10, 0)};
    series[3].tags.set("scenario", "other");
    Series timed{MetricId{1}, {}, stats::Distribution::time()};
    timed.tags.set("group", "::journey::no checks");
    series.push_back(timed);

    const Group root = group_tree(metrics, series);
    ASSERT_EQ(root.checks.size(), 1U);
    EXPECT_EQ(root.checks[0], (CheckCount{"at the root", "::at the root", 3, 0}));
    ASSERT_EQ(root.groups.size(), 2U);
    EXPECT_EQ(root.groups[0].checks[0],
              (CheckCount{"has a token", "::sign in::has a token", 12, 1}));
    const Group& journey = root.groups[1];
    EXPECT_EQ(journey.path, "::journey");
    ASSERT_EQ(journey.groups.size(), 2U);
    EXPECT_EQ(journey.groups[0].path, "::journey::search");
    EXPECT_EQ(journey.groups[0].checks[0].passes, 5U);
    EXPECT_EQ(journey.groups[1].name, "no checks");
}

}  // namespace
}  // namespace weir::record

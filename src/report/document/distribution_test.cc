#include "report/document/distribution.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/document/rounding.h"

namespace weir::report {
namespace {

using stats::Distribution;

/// 1, 2, … `count` ms.
Distribution up_to(int count) {
    auto times = Distribution::time();
    for (int ms = 1; ms <= count; ++ms) times.add(ms);
    return times;
}

TEST(PercentilePlot, AscendsToTheGreatestInBoundedPoints) {
    auto many = Distribution::time();
    for (int ms = 1; ms <= 1000; ++ms) many.add(ms, 4'000'000);
    for (const auto& times : {up_to(1), up_to(2), up_to(7), up_to(10'000), many}) {
        const auto plot = percentile_plot(times);
        ASSERT_FALSE(plot.empty());
        EXPECT_LE(plot.size(), percentiles_most);
        for (std::size_t i = 1; i < plot.size(); ++i) {
            EXPECT_GT(plot[i].first, plot[i - 1].first);
            EXPECT_GE(plot[i].second, plot[i - 1].second);
        }
        EXPECT_EQ(plot.back().first, 1);
        EXPECT_EQ(plot.back().second, times.max());
    }
}

TEST(PercentilePlot, ReachesIntoTheTail) {
    const auto plot = percentile_plot(up_to(10'000));
    std::size_t beyond_999 = 0;
    for (const auto& [share, ms] : plot) {
        EXPECT_NEAR(ms, 1 + share * 9999, 12) << share;
        beyond_999 += share > 0.999 ? 1 : 0;
    }
    EXPECT_GE(beyond_999, 6U) << "single values are told apart at the end";
}

TEST(LogHistogram, HoldsEveryValueInItsBin) {
    auto times = up_to(10'000);
    times.add(0);
    const auto bins = log_histogram(times);
    EXPECT_LE(bins.size(), bins_most);
    EXPECT_GT(bins.size(), 20U);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        EXPECT_LT(bins[i].from, bins[i].to);
        if (i > 0) {
            EXPECT_DOUBLE_EQ(bins[i].from, bins[i - 1].to);
        }
        count += bins[i].count;
    }
    EXPECT_EQ(count, times.count());
    EXPECT_GT(bins.front().count, 0U);
    EXPECT_GT(bins.back().count, 0U);
    EXPECT_NEAR(bins.back().to, 10'000, 5);
}

TEST(LogHistogram, OfEqualValuesIsOneBinAroundThem) {
    auto times = Distribution::time();
    times.add(250, 7);
    const auto bins = log_histogram(times);
    ASSERT_EQ(bins.size(), 1U);
    EXPECT_LT(bins[0].from, 250);
    EXPECT_GT(bins[0].to, 250);
    EXPECT_EQ(bins[0].count, 7U);
    EXPECT_TRUE(log_histogram(Distribution::time()).empty());
}

TEST(Rounding, KeepsTheDigitsThatCount) {
    EXPECT_EQ(rounded(1234.5678, 4), 1235);
    EXPECT_EQ(rounded(0.00012345678, 4), 0.0001235);
    EXPECT_EQ(rounded(std::nan(""), 4), 0);
    EXPECT_EQ(rounded(INFINITY, 4), 0);
    EXPECT_EQ(base::write_json(number(25)), "25");
    EXPECT_EQ(base::write_json(number(-0.5)), "-0.5");
    EXPECT_EQ(base::write_json(number(3e300)), "3e+300");
}

TEST(Rounding, ShortensBetweenCodePoints) {
    EXPECT_EQ(shortened("größe", 5), "grö…");
    EXPECT_EQ(shortened("größe", 4), "grö…");
    EXPECT_EQ(shortened("größe", 3), "gr…");
    EXPECT_EQ(shortened("größe", 7), "größe");
}

}  // namespace
}  // namespace weir::report

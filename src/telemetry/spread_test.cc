#include "telemetry/spread.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "stats/quantile.h"

namespace weir::telemetry {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

stats::Distribution skewed(std::size_t count, std::vector<double>& exact) {
    auto values = stats::Distribution::time();
    base::Random random(11);
    for (std::size_t i = 0; i < count; ++i) {
        exact.push_back(std::round((2 + 300 * std::pow(random.unit(), 6)) * 1e6) / 1e6);
        values.add(exact.back());
    }
    std::sort(exact.begin(), exact.end());
    return values;
}

TEST(Spread, GivesEachValueItsOwnPointWhereThereIsRoom) {
    auto values = stats::Distribution::time();
    for (const double each : {3.0, 1.0, 2.0}) values.add(each);
    EXPECT_THAT(spread(values, 100),
                ElementsAre(DoubleNear(1, 0.001), DoubleNear(2, 0.002), DoubleNear(3, 0.003)));
    EXPECT_TRUE(spread(stats::Distribution::time(), 5).empty());
    EXPECT_TRUE(spread(values, 0).empty());
}

TEST(Spread, KeepsMeanAndPercentilesWithManyFewerPoints) {
    std::vector<double> exact;
    const auto values = skewed(10'000, exact);
    for (const std::size_t points : {1U, 7U, 100U, 1000U, 10'000U}) {
        const auto told = spread(values, points);
        ASSERT_EQ(told.size(), points);
        EXPECT_NEAR(mean_of(told), mean_of(exact), 1e-9 * mean_of(exact)) << points;
        EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
        if (points < 100) continue;
        const double part = 1.0 / static_cast<double>(points);
        for (const double q : {0.1, 0.5, 0.9, 0.95}) {
            const double found = stats::quantile_of_sorted(told, q);
            EXPECT_GE(found, stats::quantile_of_sorted(exact, q - part) * 0.998) << q;
            EXPECT_LE(found, stats::quantile_of_sorted(exact, q + part) * 1.002) << q;
        }
    }
}

TEST(Spread, TellsNegativeAndLargeValues) {
    auto values = stats::Distribution::plain();
    for (const double each : {-5.0, 0.0, 1e9, -5.0}) values.add(each);
    const auto told = spread(values, 4);
    ASSERT_EQ(told.size(), 4U);
    EXPECT_NEAR(told[0], -5, 0.01);
    EXPECT_NEAR(told[2], 0, 1e-6);
    EXPECT_NEAR(told[3], 1e9, 1e6);
}

TEST(Spread, OfARateKeepsTheShare) {
    EXPECT_THAT(spread(record::RateTotal{.passes = 2, .fails = 1}, 3), ElementsAre(0, 1, 1));
    const auto told = spread(record::RateTotal{.passes = 990, .fails = 10}, 50);
    ASSERT_EQ(told.size(), 50U);
    EXPECT_NEAR(mean_of(told), 0.99, 1e-9);
}

TEST(Shares, AreAllWhereThereIsRoomElseInProportion) {
    EXPECT_THAT(shares({3, 0, 7}, 10), ElementsAre(3U, 0U, 7U));
    EXPECT_THAT(shares({1000, 0, 9000, 1}, 100), ElementsAre(10U, 0U, 90U, 1U));
    EXPECT_TRUE(shares({}, 5).empty());
}

}  // namespace
}  // namespace weir::telemetry

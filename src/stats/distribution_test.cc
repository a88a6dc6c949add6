#include "stats/distribution.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "stats/quantile.h"

namespace weir::stats {
namespace {

void expect_like_sorted(const Distribution& got, std::vector<double> exact, double bound) {
    std::sort(exact.begin(), exact.end());
    ASSERT_EQ(got.count(), exact.size());
    EXPECT_DOUBLE_EQ(got.min(), exact.front());
    EXPECT_DOUBLE_EQ(got.max(), exact.back());
    for (const double q : {0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        const double position = q * static_cast<double>(exact.size() - 1);
        const auto rank = static_cast<std::size_t>(position);
        const double reach = std::max(std::fabs(exact[rank]),
                                      std::fabs(exact[std::min(rank + 1, exact.size() - 1)]));
        EXPECT_NEAR(got.quantile(q), quantile_of_sorted(exact, q), reach * bound) << "q " << q;
    }
}

TEST(Distribution, IsEmptyAtFirst) {
    for (const auto& d : {Distribution::time(), Distribution::plain()}) {
        EXPECT_TRUE(d.empty());
        EXPECT_EQ(d.min(), 0);
        EXPECT_EQ(d.max(), 0);
        EXPECT_EQ(d.mean(), 0);
        EXPECT_EQ(d.quantile(0.99), 0);
        EXPECT_EQ(d.count_over(0), 0U);
    }
}

TEST(Distribution, TimeKeepsMillisecondsInNanoseconds) {
    auto d = Distribution::time();
    d.add(0.25);
    d.add_nanos(1'500'000);
    d.add(2000);
    EXPECT_EQ(d.count(), 3U);
    EXPECT_EQ(d.min(), 0.25);
    EXPECT_EQ(d.max(), 2000);
    EXPECT_DOUBLE_EQ(d.sum(), 2001.75);
    EXPECT_NEAR(d.quantile(0.5), 1.5, 0.0015);
    EXPECT_EQ(d.count_over(1999), 1U);
    EXPECT_EQ(d.count_over(2000), 0U);
    EXPECT_EQ(d.count_at_most(0.1), 0U);
}

TEST(Distribution, TimeSumStaysExactOverManySamples) {
    auto d = Distribution::time();
    for (int i = 0; i < 1'000'000; ++i) d.add_nanos(1'000'000'007);
    EXPECT_DOUBLE_EQ(d.sum(), 1'000'000.0 * 1'000'000'007 / 1e6);
    EXPECT_DOUBLE_EQ(d.mean(), 1000.000007);
}

TEST(Distribution, QuantilesOfAnyMagnitudeAreWithinATenthOfAPercent) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        base::Random random(seed);
        auto d = Distribution::plain();
        std::vector<double> exact;
        // From tiny to huge by seed; within one seed at most 12 decimal orders.
        const double scale = std::pow(10.0, static_cast<double>(seed) * 8 - 240);
        const double orders = static_cast<double>(seed % 13);
        const auto n = 1 + random.below(2000);
        for (std::uint64_t i = 0; i < n; ++i) {
            const double sign = seed % 3 == 0 && random.unit() < 0.4 ? -1 : 1;
            const double value = sign * scale * std::pow(10.0, random.unit() * orders);
            d.add(value);
            exact.push_back(value);
        }
        expect_like_sorted(d, exact, 0.001);
    }
}

TEST(Distribution, WholeNumbersStayWhole) {
    auto d = Distribution::plain();
    std::vector<double> exact;
    base::Random random(5);
    for (int i = 0; i < 1000; ++i) {
        const auto value = static_cast<double>(random.below(50));
        d.add(value);
        exact.push_back(value);
    }
    std::sort(exact.begin(), exact.end());
    for (const double q : {0.1, 0.5, 0.9, 0.95}) {
        EXPECT_DOUBLE_EQ(d.quantile(q), quantile_of_sorted(exact, q));
    }
    d.add(0.5);
    EXPECT_FALSE(d.whole());
}

TEST(Distribution, CountsBelowALimitOnBothSidesOfZero) {
    auto d = Distribution::plain();
    for (int v = -100; v <= 100; ++v) d.add(v);
    EXPECT_EQ(d.count_at_most(-101), 0U);
    EXPECT_EQ(d.count_at_most(-100), 1U);
    EXPECT_EQ(d.count_at_most(-50), 51U);
    EXPECT_EQ(d.count_at_most(0), 101U);
    EXPECT_EQ(d.count_at_most(50), 151U);
    EXPECT_EQ(d.count_at_most(100), 201U);
    EXPECT_DOUBLE_EQ(d.share_at_most(0), 101.0 / 201);
}

TEST(Distribution, MergingIsTheSameAsAddingAllToOne) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        SCOPED_TRACE(seed);
        base::Random random(seed);
        auto all = Distribution::plain();
        std::vector<Distribution> parts(3, Distribution::plain());
        std::vector<double> exact;
        for (int i = 0; i < 600; ++i) {
            const double value = (random.unit() - 0.2) * std::pow(10.0, random.unit() * 12 - 6);
            all.add(value);
            parts[random.below(3)].add(value);
            exact.push_back(value);
        }
        auto merged = Distribution::plain();
        for (const auto& part : parts) merged.merge(part);
        expect_like_sorted(merged, exact, 0.001);
        for (const double limit : {-1.0, 0.0, 0.001, 1.0, 1000.0}) {
            EXPECT_EQ(merged.count_at_most(limit), all.count_at_most(limit)) << limit;
        }
        EXPECT_DOUBLE_EQ(merged.sum(), all.sum());
    }
}

TEST(Distribution, AValueOutOfAnyRangeIsStillCounted) {
    auto d = Distribution::plain();
    d.add(1e-300);
    d.add(1e300);
    d.add(1);
    d.add(0);
    EXPECT_EQ(d.count(), 4U);
    EXPECT_EQ(d.max(), 1e300);
    EXPECT_EQ(d.min(), 0);
    EXPECT_EQ(d.count_over(1e299), 1U);

    auto t = Distribution::time();
    t.add(1e15);  // 31,000 years
    t.add(1);
    EXPECT_EQ(t.count(), 2U);
    EXPECT_EQ(t.count_over(1000), 1U);
}

TEST(Distribution, ACopyIsApart) {
    auto d = Distribution::plain();
    d.add(-3);
    Distribution copy = d;
    copy.add(-4);
    EXPECT_EQ(d.count(), 1U);
    EXPECT_EQ(copy.count(), 2U);
    d = copy;
    EXPECT_EQ(d, copy);
}

TEST(Distribution, PartsThatContradictEachOtherAreRefused) {
    auto d = Distribution::plain();
    d.add(5);
    d.add(-2.5);
    const auto parts = [&d] {
        return Distribution::Parts{.kind = d.kind(),
                                   .exponent = d.exponent(),
                                   .positive = d.positive(),
                                   .negative = std::make_unique<Histogram>(*d.negative()),
                                   .sum = d.exact_sum(),
                                   .min = d.min(),
                                   .max = d.max(),
                                   .whole = d.whole()};
    };
    const auto back = Distribution::from_parts(parts());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back.value(), d);

    auto wrong_unit = parts();
    wrong_unit.exponent += 1;
    EXPECT_FALSE(Distribution::from_parts(std::move(wrong_unit)).ok());
    auto turned_around = parts();
    std::swap(turned_around.min, turned_around.max);
    EXPECT_FALSE(Distribution::from_parts(std::move(turned_around)).ok());
    auto not_finite = parts();
    not_finite.max = INFINITY;
    EXPECT_FALSE(Distribution::from_parts(std::move(not_finite)).ok());
}

TEST(Distribution, RefusesNaN) {
    EXPECT_DEATH(Distribution().add(NAN), "isfinite");
}

TEST(Distribution, KnowsWhatCameSince) {
    for (const bool time : {true, false}) {
        auto whole = time ? Distribution::time() : Distribution::plain();
        base::Random random(7);
        for (int i = 0; i < 500; ++i) whole.add(random.unit() * 40 - 5);
        const Distribution earlier = whole;
        EXPECT_TRUE(whole.since(earlier).empty());
        std::vector<double> later;
        for (int i = 0; i < 300; ++i) later.push_back(random.unit() * 90 - 8);
        for (const double value : later) whole.add(value);
        const Distribution fresh = whole.since(earlier);
        EXPECT_EQ(fresh.count(), later.size());
        EXPECT_NEAR(fresh.sum(), std::accumulate(later.begin(), later.end(), 0.0), 1e-6);
        std::sort(later.begin(), later.end());
        for (const double q : {0.0, 0.1, 0.5, 0.9, 0.99, 1.0}) {
            const double exact = quantile_of_sorted(later, q);
            EXPECT_NEAR(fresh.quantile(q), exact, std::fabs(exact) * 0.003 + 1e-6) << q;
        }
        EXPECT_EQ(whole.since(time ? Distribution::time() : Distribution::plain()), whole);
    }
}

TEST(Distribution, KnowsWhatCameSinceItsUnitMoved) {
    auto whole = Distribution::plain();
    whole.add(3, 10);
    const Distribution earlier = whole;
    whole.add(1e15, 2);
    whole.add(3, 1);
    const Distribution fresh = whole.since(earlier);
    EXPECT_EQ(fresh.count(), 3U);
    EXPECT_EQ(fresh.max(), 1e15);
    EXPECT_NEAR(fresh.quantile(0), 3, 0.01);
    EXPECT_EQ(fresh.sum(), 2e15 + 3);
}

}  // namespace
}  // namespace weir::stats

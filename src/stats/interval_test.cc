#include "stats/interval.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"

namespace weir::stats {
namespace {

TEST(NormalQuantile, AgreesWithTables) {
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
    EXPECT_NEAR(normal_quantile(0.995), 2.575829303548901, 1e-13);
    EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
    EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-10);
    EXPECT_DOUBLE_EQ(normal_quantile(0.01), -normal_quantile(0.99));
}

TEST(IncompleteBeta, AgreesWithClosedForms) {
    EXPECT_NEAR(incomplete_beta(1, 1, 0.3), 0.3, 1e-14);
    EXPECT_NEAR(incomplete_beta(2, 1, 0.3), 0.09, 1e-14);
    EXPECT_NEAR(incomplete_beta(1, 5, 0.2), 1 - std::pow(0.8, 5), 1e-14);
    EXPECT_NEAR(incomplete_beta(0.5, 0.5, 0.5), 0.5, 1e-13);
    EXPECT_NEAR(incomplete_beta(1e6, 1e6, 0.5), 0.5, 1e-9);
}

TEST(BinomialCdf, IsTheSumOfItsTerms) {
    const std::uint64_t n = 25;
    const double p = 0.3;
    double sum = 0;
    double term = std::pow(1 - p, 25);
    for (std::uint64_t k = 0; k <= n; ++k) {
        sum += term;
        EXPECT_NEAR(binomial_cdf(k, n, p), sum, 1e-12) << k;
        const auto i = static_cast<double>(k);
        term *= (25 - i) / (i + 1) * p / (1 - p);
    }
}

TEST(Interval, AgreesWithPublishedExamples) {
    // Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17, 1998:
    // 81/263.
    const Interval w = wilson(81, 263, 0.95);
    EXPECT_NEAR(w.low, 0.2553, 5e-5);
    EXPECT_NEAR(w.high, 0.3662, 5e-5);
    const Interval cp = clopper_pearson(81, 263, 0.95);
    EXPECT_NEAR(cp.low, 0.2527, 5e-5);
    EXPECT_NEAR(cp.high, 0.3676, 5e-5);
    // The rule of three's exact form: none of n, upper 1 - (alpha/2)^(1/n).
    EXPECT_NEAR(clopper_pearson(0, 20, 0.95).high, 1 - std::pow(0.025, 1.0 / 20), 1e-12);
    EXPECT_EQ(clopper_pearson(0, 20, 0.95).low, 0);
    EXPECT_EQ(clopper_pearson(20, 20, 0.95).high, 1);
    EXPECT_EQ(wilson(0, 0, 0.95).high, 1);
}

TEST(Interval, ClopperPearsonCoversAtLeastAsOftenAsItSays) {
    base::Random random(1);
    for (const double share : {0.02, 0.5, 0.98}) {
        int covered = 0;
        const int rounds = 2000;
        for (int i = 0; i < rounds; ++i) {
            std::uint64_t hits = 0;
            for (int j = 0; j < 100; ++j) hits += random.unit() < share ? 1U : 0U;
            covered += clopper_pearson(hits, 100, 0.95).contains(share) ? 1 : 0;
        }
        EXPECT_GE(covered, rounds * 94 / 100) << share;
    }
}

TEST(QuantileRanks, AgreeWithThePublishedTableForMedians) {
    // Conover, "Practical Nonparametric Statistics", 3rd ed.: n = 20, median, 95 %: 6th to 15th
    // value.
    const RankInterval r = quantile_ranks(20, 0.5, 0.95);
    EXPECT_EQ(r.low, 5U);
    EXPECT_EQ(r.high, 14U);
    EXPECT_FALSE(r.low_open);
    EXPECT_FALSE(r.high_open);
}

TEST(QuantileRanks, SayWhenThereAreTooFewValues) {
    const RankInterval r = quantile_ranks(50, 0.99, 0.95);
    EXPECT_TRUE(r.high_open);
    EXPECT_EQ(r.high, 49U);
    EXPECT_FALSE(r.low_open);
    EXPECT_TRUE(quantile_ranks(3, 0.5, 0.95).low_open);
}

TEST(QuantileRanks, CoverTheTrueQuantile) {
    base::Random random(4);
    int covered = 0;
    const int rounds = 2000;
    const auto r = quantile_ranks(500, 0.95, 0.95);
    for (int i = 0; i < rounds; ++i) {
        // Of uniform values the rank of the true quantile is a binomial count.
        std::uint64_t below = 0;
        for (int j = 0; j < 500; ++j) below += random.unit() < 0.95 ? 1U : 0U;
        covered += below > r.low && below <= r.high ? 1 : 0;
    }
    EXPECT_GE(covered, rounds * 94 / 100);
}

}  // namespace
}  // namespace weir::stats

#include "stats/histogram.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "stats/quantile.h"

namespace weir::stats {
namespace {

/// Spread over many magnitudes, as latencies are.
std::int64_t some_value(base::Random& random) {
    const auto bits = static_cast<int>(random.below(40));
    return static_cast<std::int64_t>(random.next() >> (63 - bits));
}

TEST(Histogram, AnswersNothingWhenEmpty) {
    const Histogram histogram;
    EXPECT_TRUE(histogram.empty());
    EXPECT_EQ(histogram.value_at_quantile(0.5), 0);
    EXPECT_EQ(histogram.count_at_most(10), 0U);
    EXPECT_EQ(histogram.share_at_most(10), 1);
}

TEST(Histogram, KeepsSmallValuesExactly) {
    Histogram histogram;
    for (int v = 0; v < 2048; ++v) histogram.add(v);
    for (std::uint64_t rank = 0; rank < 2048; rank += 17) {
        EXPECT_EQ(histogram.value_at_rank(rank), static_cast<double>(rank));
    }
    EXPECT_EQ(histogram.count_at_most(99), 100U);
    EXPECT_EQ(histogram.min(), 0);
    EXPECT_EQ(histogram.max(), 2047);
}

class HistogramDigits : public testing::TestWithParam<int> {};

TEST_P(HistogramDigits, QuantilesAreWithinTheErrorBoundOfSortedValues) {
    const int digits = GetParam();
    const double bound = std::pow(10.0, -digits);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(seed);
        base::Random random(seed);
        Histogram histogram(digits);
        std::vector<double> exact;
        const auto n = 1 + random.below(3000);
        for (std::uint64_t i = 0; i < n; ++i) {
            const std::int64_t value = some_value(random);
            histogram.add(value);
            exact.push_back(static_cast<double>(value));
        }
        std::sort(exact.begin(), exact.end());
        EXPECT_EQ(histogram.count(), n);
        EXPECT_EQ(static_cast<double>(histogram.min()), exact.front());
        EXPECT_EQ(static_cast<double>(histogram.max()), exact.back());
        for (const double q : {0.0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
            const double truth = quantile_of_sorted(exact, q);
            EXPECT_NEAR(histogram.value_at_quantile(q), truth, truth * bound) << "q " << q;
        }
    }
}

TEST_P(HistogramDigits, SharesAreThoseOfAnyLimitInTheSameBucket) {
    const int digits = GetParam();
    base::Random random(7);
    Histogram histogram(digits);
    std::vector<std::int64_t> exact;
    for (int i = 0; i < 2000; ++i) {
        exact.push_back(some_value(random));
        histogram.add(exact.back());
    }
    const auto truly_at_most = [&exact](std::int64_t limit) {
        return static_cast<std::uint64_t>(
            std::count_if(exact.begin(), exact.end(), [limit](auto v) { return v <= limit; }));
    };
    for (int i = 0; i < 200; ++i) {
        const std::int64_t limit = some_value(random);
        const auto [low, width] = histogram.bucket_of(limit);
        EXPECT_LE(static_cast<double>(width) - 1,
                  static_cast<double>(limit) * std::pow(10.0, -digits));
        const std::uint64_t got = histogram.count_at_most(limit);
        EXPECT_GE(got, truly_at_most(limit));
        EXPECT_LE(got, truly_at_most(low + width - 1));
        EXPECT_EQ(got + histogram.count_over(limit), histogram.count());
    }
}

TEST_P(HistogramDigits, MergingIsTheSameAsAddingAllToOne) {
    base::Random random(11);
    Histogram all(GetParam());
    Histogram parts[3] = {Histogram(GetParam()), Histogram(GetParam()), Histogram(GetParam())};
    for (int i = 0; i < 3000; ++i) {
        const std::int64_t value = some_value(random);
        all.add(value);
        parts[random.below(3)].add(value);
    }
    Histogram forward(GetParam());
    for (const auto& part : parts) forward.merge(part);
    Histogram backward = parts[2];
    backward.merge(parts[1]);
    backward.merge(parts[0]);
    EXPECT_EQ(forward, all);
    EXPECT_EQ(backward, all);
}

INSTANTIATE_TEST_SUITE_P(OneToFour, HistogramDigits, testing::Values(1, 2, 3, 4));

TEST(Histogram, CountsBeyondTheRangeStayInEveryPercentile) {
    Histogram histogram(3, 1'000'000);
    histogram.add(10, 90);
    histogram.add(5'000'000, 10);
    EXPECT_EQ(histogram.count(), 100U);
    EXPECT_EQ(histogram.overflow(), 10U);
    EXPECT_EQ(histogram.max(), 5'000'000);
    EXPECT_GE(histogram.value_at_quantile(0.95), 999'000);
    EXPECT_EQ(histogram.value_at_quantile(1), 5'000'000);
    EXPECT_EQ(histogram.count_over(1'000'000), 10U);
    EXPECT_EQ(histogram.count_over(20), 10U);
}

TEST(Histogram, CountsPastThirtyTwoBitsPerBucket) {
    Histogram histogram;
    const std::uint64_t many = (std::uint64_t{5} << 32U) - 1;
    histogram.add(77, many);
    histogram.add(77);
    histogram.add(1'000'000'000, 3);
    Histogram twice = histogram;
    twice.merge(histogram);
    EXPECT_EQ(histogram.count_at_most(77), many + 1);
    EXPECT_EQ(twice.count_at_most(77), 2 * (many + 1));
    EXPECT_EQ(twice.count_over(77), 6U);
    EXPECT_EQ(twice.value_at_quantile(0.5), 77);
}

TEST(Histogram, ASparseOneIsSmallAndADenseOneBounded) {
    Histogram sparse;
    for (int i = 0; i < 1000; ++i) sparse.add(0);
    sparse.add(250'000'000);
    EXPECT_LE(sparse.memory_bytes(), 320U);

    Histogram dense;  // 10 ms to 80 ms in ns: three doublings
    base::Random random(3);
    for (int i = 0; i < 200'000; ++i) {
        dense.add(static_cast<std::int64_t>(10'000'000 + random.below(70'000'000)));
    }
    EXPECT_LE(dense.memory_bytes(), 32U * 1024);
    const std::size_t before = dense.memory_bytes();
    for (int i = 0; i < 200'000; ++i) {
        dense.add(static_cast<std::int64_t>(10'000'000 + random.below(70'000'000)));
    }
    EXPECT_EQ(dense.memory_bytes(), before) << "must not grow with the number of values";
}

TEST(Histogram, RefusesWhatItCannotMean) {
    EXPECT_DEATH(Histogram(0), "digits");
    EXPECT_DEATH(Histogram(5), "digits");
    EXPECT_DEATH(Histogram().add(-1), "value >= 0");
    EXPECT_DEATH(Histogram(2).merge(Histogram(3)), "digits_");
}

}  // namespace
}  // namespace weir::stats

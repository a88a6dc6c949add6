#include "pace/arrivals.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace weir::pace {
namespace {

using namespace std::chrono_literals;
using base::Nanos;

std::vector<Nanos> all_of(Arrivals::Schedule schedule) {
    Arrivals arrivals(std::move(schedule));
    std::vector<Nanos> all;
    while (const auto due = arrivals.next()) all.push_back(*due);
    return all;
}

/// Counts that arrive in [0, t] under a piecewise linear rate, by long double: the yardstick.
long double area_until(std::uint64_t start,
                       const std::vector<RateStage>& stages,
                       Nanos per,
                       Nanos t) {
    long double area = 0;
    auto rate = static_cast<long double>(start);
    for (const auto& stage : stages) {
        const auto length = static_cast<long double>(stage.duration.count());
        const auto target = static_cast<long double>(stage.target);
        const auto into = std::clamp<long double>(static_cast<long double>(t.count()), 0, length);
        if (length > 0) area += into * (rate + (target - rate) * into / length / 2);
        rate = target;
        t -= stage.duration;
    }
    return area / static_cast<long double>(per.count());
}

TEST(ConstantArrivals, AreEvenlySpacedFromZeroAndEndBeforeTheDuration) {
    const auto all = all_of(ConstantArrivals({10, 1s}, 2s));
    ASSERT_EQ(all.size(), 20U);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i], Nanos(100ms) * static_cast<std::int64_t>(i));
    }
}

TEST(ConstantArrivals, DivideByTheTimeUnit) {
    EXPECT_EQ(ConstantArrivals({25, 1min}, 2min).count(), 50U);
    EXPECT_EQ(ConstantArrivals({25, 1min}, 2min).due(1), Nanos(2400ms));
    EXPECT_EQ(ConstantArrivals({5, 2s}, 10s).count(), 25U);
}

TEST(ConstantArrivals, DoNotDriftAfterABillion) {
    // 3 per second has no exact interval: only arithmetic by index stays exact.
    const ConstantArrivals arrivals({3, 1s}, std::chrono::hours(24 * 365 * 40));
    EXPECT_EQ(arrivals.due(3'000'000'000), Nanos(std::chrono::seconds(1'000'000'000)));
    const ConstantArrivals fast({7'777, 1s}, std::chrono::hours(24 * 365));
    EXPECT_EQ(fast.due(7'777'000'000ULL), Nanos(std::chrono::seconds(1'000'000)));
    EXPECT_EQ(fast.due(7'777'000'001ULL), Nanos(std::chrono::seconds(1'000'000)) + Nanos(128'584));
}

TEST(ConstantArrivals, HaveNoneWithoutARateOrADuration) {
    EXPECT_TRUE(all_of(ConstantArrivals({0, 1s}, 10s)).empty());
    EXPECT_TRUE(all_of(ConstantArrivals({10, 1s}, 0s)).empty());
    EXPECT_FALSE(Arrivals().next().has_value());
}

TEST(ConstantArrivals, CountThoseThatAreDueBeforeTheEnd) {
    for (const std::uint64_t rate : {1ULL, 3ULL, 7ULL, 999ULL}) {
        for (const Nanos duration :
             {Nanos(1), Nanos(1s), Nanos(1s) + Nanos(1), Nanos(333'333'333)}) {
            const ConstantArrivals arrivals({rate, 1s}, duration);
            const std::uint64_t n = arrivals.count();
            ASSERT_GT(n, 0U);
            EXPECT_LT(*arrivals.due(n - 1), duration);
            EXPECT_FALSE(arrivals.due(n).has_value());
        }
    }
}

struct RampCase {
    std::uint64_t start;
    Nanos per;
    std::vector<RateStage> stages;
};

const std::vector<RampCase>& ramps() {
    static const std::vector<RampCase> cases = {
        {0, 1s, {{10s, 100}}},
        {100, 1s, {{10s, 0}}},
        {10, 1s, {{10s, 10}}},
        {1, 1min, {{10min, 120}, {5min, 120}, {1min, 0}}},
        {0, 1s, {{5s, 50}, {0s, 10}, {5s, 10}, {0s, 0}, {5s, 0}, {0s, 30}, {3s, 30}}},
        {300, 1s, {{1ms, 0}, {10s, 1}, {1ns, 1'000'000}, {1s, 7}}},
        {0, 1s, {{10s, 0}, {10s, 0}}},
        {0, 1h, {{std::chrono::hours(48), 7}}},
    };
    return cases;
}

TEST(RampingArrivals, CountIsTheWholePartOfTheArea) {
    for (const auto& c : ramps()) {
        const RampingArrivals arrivals({c.start, c.per}, c.stages);
        const auto area = area_until(c.start, c.stages, c.per, arrivals.duration());
        EXPECT_EQ(arrivals.count(), static_cast<std::uint64_t>(std::floor(area + 1e-9L)));
        EXPECT_EQ(all_of(arrivals).size(), arrivals.count());
    }
}

TEST(RampingArrivals, EachIsTheFirstNanosecondAtWhichItsAreaIsReached) {
    for (const auto& c : ramps()) {
        const RampingArrivals arrivals({c.start, c.per}, c.stages);
        Nanos last{};
        for (std::uint64_t i = 0; i < arrivals.count(); ++i) {
            const Nanos due = *arrivals.due(i);
            EXPECT_GE(due, last);
            EXPECT_LE(due, arrivals.duration());
            const auto goal = static_cast<long double>(i + 1);
            const auto slack = goal * 1e-15L + 1e-12L;
            EXPECT_GE(area_until(c.start, c.stages, c.per, due), goal - slack) << i;
            EXPECT_LT(area_until(c.start, c.stages, c.per, due - Nanos(1)), goal + slack) << i;
            last = due;
        }
        EXPECT_FALSE(arrivals.due(arrivals.count()).has_value());
    }
}

TEST(RampingArrivals, ALevelStageIsEvenlySpacedAndTheFirstComesAfterOneInterval) {
    const auto all = all_of(RampingArrivals({4, 1s}, {{2s, 4}}));
    EXPECT_EQ(all,
              (std::vector<Nanos>{250ms, 500ms, 750ms, 1000ms, 1250ms, 1500ms, 1750ms, 2000ms}));
}

TEST(RampingArrivals, AJumpTakesNoTime) {
    const auto all = all_of(RampingArrivals({1, 1s}, {{2s, 1}, {0s, 4}, {1s, 4}}));
    EXPECT_EQ(all, (std::vector<Nanos>{1s, 2s, 2250ms, 2500ms, 2750ms, 3s}));
}

TEST(RampingArrivals, StayExactFarOut) {
    // 0 to 20,000 a second over 100,000 s: a billion arrivals; the n-th is due at sqrt(n * 10) s.
    const RampingArrivals arrivals({0, 1s}, {{std::chrono::seconds(100'000), 20'000}});
    EXPECT_EQ(arrivals.count(), 1'000'000'000U);
    EXPECT_EQ(arrivals.due(999'999'999), Nanos(std::chrono::seconds(100'000)));
    EXPECT_EQ(arrivals.due(249'999'999), Nanos(std::chrono::seconds(50'000)));
    EXPECT_EQ(arrivals.due(9), Nanos(10s));
}

TEST(RampingArrivals, StayExactAtTheGreatestRatesAndLengths) {
    const Nanos half = std::chrono::hours(24 * 5'000);
    const RampingArrivals arrivals({0, 1s}, {{half, 1'000'000'000}, {half, 0}});
    const std::uint64_t each = 500'000'000ULL * 5'000 * 86'400;
    EXPECT_EQ(arrivals.count(), 2 * each);
    EXPECT_EQ(arrivals.due(each - 1), half);
    EXPECT_EQ(arrivals.due(each / 4 - 1), half / 2);
    EXPECT_EQ(arrivals.due(2 * each - 1), half * 2);
}

TEST(PoissonArrivals, HaveTheirRateAndAreReproducible) {
    const auto all = all_of(PoissonArrivals({100, 1s}, 1000s, 42));
    EXPECT_NEAR(static_cast<double>(all.size()), 100'000, 4 * std::sqrt(100'000.0));
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
    EXPECT_LT(all.back(), Nanos(1000s));
    EXPECT_EQ(all, all_of(PoissonArrivals({100, 1s}, 1000s, 42)));
    EXPECT_NE(all, all_of(PoissonArrivals({100, 1s}, 1000s, 43)));
    // Exponential gaps: their share over the mean is 1/e.
    std::size_t long_gaps = 0;
    for (std::size_t i = 1; i < all.size(); ++i) long_gaps += all[i] - all[i - 1] > 10ms ? 1U : 0U;
    EXPECT_NEAR(static_cast<double>(long_gaps) / static_cast<double>(all.size()), std::exp(-1),
                0.01);
}

TEST(Arrivals, PartsTogetherAreTheWhole) {
    const std::vector<Arrivals::Schedule> schedules = {
        ConstantArrivals({77, 1s}, 10s),
        RampingArrivals({0, 1s}, {{5s, 70}, {0s, 9}, {5s, 0}}),
        PoissonArrivals({50, 1s}, 10s, 1),
    };
    for (const auto& schedule : schedules) {
        const auto whole = all_of(schedule);
        for (const std::uint64_t parts : {1ULL, 2ULL, 3ULL, 7ULL}) {
            std::vector<Nanos> joined(whole.size());
            std::size_t found = 0;
            for (std::uint64_t k = 0; k < parts; ++k) {
                Arrivals own = partition(schedule, {k, parts});
                for (std::uint64_t index = own.next_index(); auto due = own.next();
                     index = own.next_index()) {
                    EXPECT_EQ(index % parts, k);
                    ASSERT_LT(index, joined.size());
                    joined[index] = *due;
                    ++found;
                }
            }
            EXPECT_EQ(found, whole.size());
            EXPECT_EQ(joined, whole);
        }
    }
}

TEST(RampingArrivals, RefuseRatesAndLengthsBeyondTheirLimits) {
    EXPECT_DEATH(RampingArrivals({1'000'000'001, 1s}, {}), "rate_most");
    EXPECT_DEATH(RampingArrivals({1, 1s}, {{std::chrono::hours(24 * 10'001), 1}}), "length");
}

TEST(Arrivals, RefuseWhatMakesNoSense) {
    EXPECT_DEATH(ConstantArrivals({1, 0s}, 1s), "per");
    EXPECT_DEATH(RampingArrivals({1, 1s}, {{-1s, 1}}), "length");
    EXPECT_DEATH(Arrivals(ConstantArrivals({1, 1s}, 1s), {0, 0}), "step");
}

TEST(PairedArrivals, BothSidesAgreeOnEachPairAndOneFollowsTheOther) {
    const Rate rate{.count = 25};
    const auto side = [&](bool second) {
        return PairedArrivals(rate, 40s, {.second_side = second, .offset = 20ms, .seed = 7});
    };
    const PairedArrivals baseline = side(false);
    const PairedArrivals candidate = side(true);
    int baseline_first = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        ASSERT_NE(baseline.goes_first(i), candidate.goes_first(i)) << i;
        ASSERT_EQ(baseline.goes_first(i / 2 * 2), !baseline.goes_first(i / 2 * 2 + 1)) << i;
        const auto at = 40ms * static_cast<std::int64_t>(i);
        EXPECT_EQ(std::min(*baseline.due(i), *candidate.due(i)), at);
        EXPECT_EQ(std::max(*baseline.due(i), *candidate.due(i)), at + 20ms);
        if (i % 2 == 0 && baseline.goes_first(i)) baseline_first += 1;
    }
    EXPECT_FALSE(baseline.due(1000));
    EXPECT_NEAR(baseline_first, 250, 60);
}

TEST(PairedArrivals, AnOffsetNeverPutsAPairBehindTheNext) {
    PairedArrivals side({.count = 100}, 10s, {.second_side = true, .offset = 5s, .seed = 1});
    Nanos before{};
    for (std::uint64_t i = 0; i < 1000; ++i) {
        ASSERT_GE(*side.due(i), before);
        before = *side.due(i);
    }
}

TEST(PairedArrivals, PartsTogetherAreTheWholeAndKeepTheirIndexes) {
    const PairedArrivals whole({.count = 25}, 4s, {.offset = 20ms, .seed = 3});
    for (std::uint64_t part = 0; part < 3; ++part) {
        Arrivals arrivals(whole, {.first = part, .step = 3});
        for (std::uint64_t i = part; i < 100; i += 3) {
            EXPECT_EQ(arrivals.next_index(), i);
            EXPECT_EQ(arrivals.next(), whole.due(i));
        }
        EXPECT_FALSE(arrivals.next());
    }
}

}  // namespace
}  // namespace weir::pace

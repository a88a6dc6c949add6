#include "stats/paired.h"

#include <cmath>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "base/random.h"

namespace weir::stats {
namespace {

/// Pairs at 25 a second around 100 ms, with noise that both share and noise of each.
std::vector<Pair> pairs_of(double ratio, double seconds, std::uint64_t seed) {
    base::Random random(seed);
    std::vector<Pair> pairs;
    const auto count = static_cast<std::size_t>(25 * seconds);
    for (std::size_t i = 0; i < count; ++i) {
        const double shared = 3 * random.unit();
        const auto own = [&random] { return 0.6 * (random.unit() + random.unit() - 1); };
        pairs.push_back({.baseline = 100e6 * std::exp(shared + own()),
                         .candidate = 100e6 * ratio * std::exp(shared + own()),
                         .at = std::chrono::milliseconds(40 * i)});
    }
    return pairs;
}

TEST(ComparePairs, FindsASlowdownThatSharedNoiseWouldHide) {
    const auto answer = compare_pairs(pairs_of(1.05, 60, 1), {.level = 0.01});
    EXPECT_EQ(answer.state, PairedState::slower);
    EXPECT_GT(answer.ratio_low, 1);
    EXPECT_LE(answer.ratio_low, 1.05);
    EXPECT_GE(answer.ratio_high, 1.05);
    EXPECT_NEAR(answer.ratio, 1.05, 0.03);
    EXPECT_EQ(answer.pairs, 1500U);
    EXPECT_EQ(answer.blocks, 59U);  // the last one may still grow
}

TEST(ComparePairs, SaysFasterWhenTheSidesAreExchanged) {
    auto pairs = pairs_of(1.1, 60, 2);
    for (auto& pair : pairs) std::swap(pair.baseline, pair.candidate);
    const auto answer = compare_pairs(pairs, {});
    EXPECT_EQ(answer.state, PairedState::faster);
    EXPECT_LT(answer.ratio_high, 1);
    EXPECT_LT(answer.difference_high, 0);
}

TEST(ComparePairs, WantsTheRelativeAndTheAbsoluteThresholdExceeded) {
    const auto pairs = pairs_of(1.3, 60, 3);  // typically 450 ms: 30 % and more than 100 ms
    const auto state = [&](double relative, double absolute) {
        return compare_pairs(pairs, {.relative = relative, .absolute = absolute}).state;
    };
    EXPECT_EQ(state(0.2, 50e6), PairedState::slower);
    EXPECT_EQ(state(0.4, 50e6), PairedState::no_slower);
    EXPECT_EQ(state(0.2, 500e6), PairedState::no_slower);
}

TEST(ComparePairs, DecidesNothingOnTooFewBlocksAndKnowsNoEndThen) {
    const auto answer = compare_pairs(pairs_of(3, 8, 4), {});
    EXPECT_EQ(answer.state, PairedState::undecided);
    EXPECT_TRUE(std::isinf(answer.ratio_high));
    EXPECT_EQ(answer.ratio_low, 0);
    EXPECT_EQ(compare_pairs({}, {}).state, PairedState::undecided);
}

TEST(ComparePairs, KnowsThatEqualDeploymentsAreNotSlowerThanTheRuleAllows) {
    const auto answer = compare_pairs(pairs_of(1, 60, 5), {.relative = 0.2});
    EXPECT_EQ(answer.state, PairedState::no_slower);
    EXPECT_LT(answer.ratio_high, 1.2);
}

TEST(ComparePairs, WhatWasOnceDecidedStaysDecided) {
    const auto pairs = pairs_of(1.05, 60, 1);
    std::size_t decided = 0;
    for (std::size_t n = 0; n <= pairs.size(); n += 50) {
        const auto answer = compare_pairs(std::span(pairs).first(n), {});
        EXPECT_TRUE(decided == 0 || answer.state == PairedState::slower) << n;
        if (decided == 0 && answer.state == PairedState::slower) decided = n;
    }
    EXPECT_GT(decided, 0U);
}

TEST(ComparePairs, AFewMonstrousPairsOnOneSideChangeNothing) {
    auto pairs = pairs_of(1, 60, 6);
    for (std::size_t i = 0; i < pairs.size(); i += 25) pairs[i].candidate *= 1000;
    const auto answer = compare_pairs(pairs, {});
    EXPECT_NE(answer.state, PairedState::slower);
    EXPECT_NEAR(answer.ratio, 1, 0.05);
}

TEST(ComparePairs, OneSlowEpisodeIsOneVoteNotHundreds) {
    auto pairs = pairs_of(1, 60, 7);
    for (std::size_t i = 500; i < 625; ++i) pairs[i].candidate *= 4;  // five seconds of 60
    EXPECT_NE(compare_pairs(pairs, {}).state, PairedState::slower);
}

TEST(ComparePairs, IdenticalMeasurementsAreNoTrouble) {
    std::vector<Pair> pairs;
    for (int i = 0; i < 1500; ++i) {
        pairs.push_back(
            {.baseline = 5e6, .candidate = 5e6, .at = std::chrono::milliseconds(40 * i)});
    }
    const auto answer = compare_pairs(pairs, {.relative = 0.2, .absolute = 1e6});
    EXPECT_EQ(answer.state, PairedState::no_slower);
    EXPECT_NEAR(answer.ratio_high, 1, 1e-3);
}

std::vector<OneSided> failures_of(double baseline, double candidate, std::uint64_t seed) {
    base::Random random(seed);
    std::vector<OneSided> events;
    for (int i = 0; i < 1500; ++i) {
        events.push_back({.baseline = random.unit() < baseline,
                          .candidate = random.unit() < candidate,
                          .at = std::chrono::milliseconds(40 * i)});
    }
    return events;
}

TEST(CompareEvents, FailuresOnOneSideOnlyCountAgainstIt) {
    EXPECT_EQ(compare_events(failures_of(0, 0.1, 1), {}).state, PairedState::slower);
    EXPECT_EQ(compare_events(failures_of(0.1, 0, 1), {}).state, PairedState::faster);
    EXPECT_EQ(compare_events(failures_of(0.3, 0.3, 1), {}).state, PairedState::undecided);
    EXPECT_EQ(compare_events(failures_of(0, 0.001, 1), {}).state, PairedState::undecided);
}

TEST(CompareEvents, CountsWhoFailed) {
    std::vector<OneSided> events(40);
    for (std::size_t i = 0; i < events.size(); ++i)
        events[i].at = std::chrono::milliseconds(50 * i);
    events[3] = {.baseline = true, .candidate = true, .at = events[3].at};
    events[5].candidate = true;
    events[30].candidate = true;
    events[31].baseline = true;
    const auto answer = compare_events(events, {});
    EXPECT_EQ(answer.pairs, 40U);
    EXPECT_EQ(answer.both, 1U);
    EXPECT_EQ(answer.candidate_only, 2U);
    EXPECT_EQ(answer.baseline_only, 1U);
}

}  // namespace
}  // namespace weir::stats

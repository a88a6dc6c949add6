#include "stats/sequential.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace weir::stats {
namespace {

using Shares = std::vector<ShareBlock>;

TEST(ShareEvidence, NeedsTwoHundredAndMoreHitsToProveNinetyEightPercent) {
    // 0.98^n = 1 % at n = 228; the mixture asks for a little more.
    const Shares few(10, {.trials = 20, .hits = 20, .tail = 2});
    EXPECT_EQ(decide(share_evidence(few, 0.98), {}), Decision::undecided);
    const Shares enough(20, {.trials = 20, .hits = 20, .tail = 2});
    EXPECT_EQ(decide(share_evidence(enough, 0.98), {}), Decision::in_favour);
}

TEST(ShareEvidence, SpeaksAgainstAServiceThatMissesAllAlong) {
    const Shares slow(12, {.trials = 25, .hits = 20, .tail = 3});
    EXPECT_EQ(decide(share_evidence(slow, 0.98), {}), Decision::against);
}

TEST(ShareEvidence, OneBadStretchIsNoVerdict) {
    Shares stalled(40, {.trials = 25, .hits = 25, .tail = 2});
    for (std::size_t i = 10; i < 13; ++i) stalled[i] = {.trials = 25, .hits = 0, .tail = 25};
    EXPECT_EQ(decide(share_evidence(stalled, 0.98), {}), Decision::undecided);
}

TEST(ShareEvidence, SaysNothingOfTooFewWindows) {
    const Shares terrible(windows_least - 1, {.trials = 100, .hits = 0, .tail = 10});
    EXPECT_EQ(share_evidence(terrible, 0.98).against, 0);
    EXPECT_EQ(share_evidence({}, 0.98).in_favour, 0);
    const Shares silent(40);
    EXPECT_EQ(decide(share_evidence(silent, 0.98), {}), Decision::undecided);
}

TEST(ShareEvidence, AllOfThemIsRefutedByOneMissAndNeverProven) {
    Shares windows(60, {.trials = 100, .hits = 100, .tail = 10});
    EXPECT_EQ(decide(share_evidence(windows, 1), {}), Decision::undecided);
    windows[5].hits = 99;
    EXPECT_EQ(decide(share_evidence(windows, 1), {}), Decision::against);
    EXPECT_EQ(decide(share_evidence(windows, 0), {}), Decision::in_favour);
}

TEST(ShareEvidence, CorrelationInTheTailAsksForMoreWithoutAnyMiss) {
    Shares even(20, {.trials = 25, .hits = 25, .tail = 2});
    Shares uneven = even;
    for (std::size_t i = 0; i < uneven.size(); ++i) uneven[i].tail = i % 10 < 2 ? 12 : 0;
    EXPECT_GT(share_evidence(even, 0.98).in_favour, 3 * share_evidence(uneven, 0.98).in_favour);
}

TEST(Dispersion, IsOneOfIndependentTrialsAndTheBlockSizeOfAllOrNothing) {
    Shares blocks;
    for (int i = 0; i < 16; ++i) {
        blocks.push_back({.trials = 20, .hits = i % 2 == 0 ? 20U : 0U, .tail = 2});
    }
    EXPECT_NEAR(dispersion(blocks), 20 * 16.0 / 15, 1e-9);
    const Shares even(16, {.trials = 20, .hits = 10, .tail = 2});
    EXPECT_EQ(dispersion(even), 1);
}

TEST(MeanEvidence, DecidesEitherWay) {
    std::vector<MeanBlock> windows;
    for (int i = 0; i < 30; ++i)
        windows.push_back({.count = 10, .sum = i % 2 == 0 ? 900.0 : 1100.0});
    EXPECT_EQ(decide(mean_evidence(windows, 150), {}), Decision::in_favour);
    EXPECT_EQ(decide(mean_evidence(windows, 60), {}), Decision::against);
    EXPECT_EQ(decide(mean_evidence(windows, 100), {}), Decision::undecided);
}

TEST(FlowEvidence, DecidesEitherWay) {
    std::vector<double> windows;
    for (int i = 0; i < 30; ++i) windows.push_back(i % 2 == 0 ? 24 : 26);
    EXPECT_EQ(decide(flow_evidence(windows, 20), {}), Decision::in_favour);
    EXPECT_EQ(decide(flow_evidence(windows, 30), {}), Decision::against);
    EXPECT_EQ(decide(flow_evidence(windows, 25), {}), Decision::undecided);
}

TEST(Decide, AsksForTheMarginOnTop) {
    const Evidence just{.against = std::log(100) + 0.1, .in_favour = 0};
    EXPECT_EQ(decide(just, {}), Decision::against);
    EXPECT_EQ(decide(just, {}, 1), Decision::undecided);
    EXPECT_EQ(decide({.against = 0, .in_favour = 10}, {}, 1), Decision::in_favour);
}

}  // namespace
}  // namespace weir::stats

#include "meter/pair_log.h"

#include <gmock/gmock.h>

namespace weir::meter {
namespace {

using record::Side;
using std::chrono::milliseconds;

base::Instant at(int ms) {
    return base::Instant(milliseconds(1000 + ms));
}

PairHalf half(Side side, std::uint64_t iteration, int due, int took) {
    return {
        .iteration = iteration, .due = at(due), .response_time = milliseconds(took), .side = side};
}

TEST(PairLog, JoinsTheHalvesOfTwoWorkersByIterationAndName) {
    PairLog baseline;
    PairLog candidate;
    baseline.add("browse", "page", half(Side::baseline, 0, 0, 10));
    baseline.add("browse", "page", half(Side::baseline, 1, 60, 12));
    baseline.add("browse", "search", half(Side::baseline, 1, 80, 5));
    candidate.add("browse", "page", half(Side::candidate, 1, 40, 22));
    candidate.add("browse", "page", half(Side::candidate, 0, 20, 20));
    candidate.add("other", "page", half(Side::candidate, 0, 20, 99));
    baseline.merge(std::move(candidate));
    const auto series = std::move(baseline).pair_up(at(0));
    ASSERT_EQ(series.size(), 3U);
    EXPECT_EQ(series[0].journey, "browse");
    EXPECT_EQ(series[0].name, "page");
    ASSERT_EQ(series[0].pairs.size(), 2U);
    EXPECT_EQ(series[0].pairs[0].baseline, milliseconds(10));
    EXPECT_EQ(series[0].pairs[0].candidate, milliseconds(20));
    EXPECT_EQ(series[0].pairs[1].candidate, milliseconds(22));
    EXPECT_EQ(series[0].pairs[1].at, milliseconds(40));
    EXPECT_EQ(series[1].baseline_only, 1U);
    EXPECT_TRUE(series[1].pairs.empty());
    EXPECT_EQ(series[2].candidate_only, 1U);
}

TEST(PairLog, TheNthRequestOfAnIterationBelongsToTheNth) {
    PairLog log;
    log.add("j", "page", half(Side::candidate, 4, 0, 21));
    log.add("j", "page", half(Side::candidate, 4, 30, 22));
    log.add("j", "page", half(Side::baseline, 4, 5, 11));
    PairHalf failed = half(Side::baseline, 4, 40, 12);
    failed.failed = true;
    log.add("j", "page", failed);
    log.add("j", "page", half(Side::baseline, 4, 50, 13));
    const auto series = std::move(log).pair_up(at(0));
    ASSERT_EQ(series.size(), 1U);
    ASSERT_EQ(series[0].pairs.size(), 2U);
    EXPECT_EQ(series[0].pairs[0].baseline, milliseconds(11));
    EXPECT_EQ(series[0].pairs[1].candidate, milliseconds(22));
    EXPECT_TRUE(series[0].pairs[1].baseline_failed);
    EXPECT_FALSE(series[0].pairs[1].candidate_failed);
    EXPECT_EQ(series[0].baseline_only, 1U);
}

TEST(PairLog, CountsWhatItDoesNotKeep) {
    PairLog log(4);
    for (std::uint64_t i = 0; i < 5; ++i) {
        log.add("j", "page", half(Side::baseline, i, 0, 1));
        log.add("j", "page", half(Side::candidate, i, 0, 1));
    }
    const auto series = std::move(log).pair_up(at(0));
    ASSERT_EQ(series.size(), 1U);
    EXPECT_EQ(series[0].pairs.size(), 2U);
    EXPECT_EQ(series[0].unkept, 3U);
}

}  // namespace
}  // namespace weir::meter

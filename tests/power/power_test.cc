// A small part of docs/power.md, kept true by each run of the tests.
#include <gtest/gtest.h>

#include "tests/power/cells.h"

namespace weir::power {
namespace {

/// More than the level explains by chance alone would be 12 of 400.
constexpr int runs = 400;
constexpr int alarms_most = 4;

class Power : public testing::TestWithParam<Noise> {};

TEST_P(Power, ALimitThatIsJustKeptIsHardlyEverCalledMissed) {
    for (const auto question : {Question::share, Question::mean, Question::flow}) {
        Cell cell{.question = question, .noise = GetParam(), .seconds = 30};
        cell.limit = limit_of(cell);
        EXPECT_LE(simulate(cell, runs, {}).against, alarms_most)
            << name_of(cell.noise) << ", question " << static_cast<int>(question);
    }
}

TEST_P(Power, AServiceThatIsThreeTimesAsSlowIsFoundInSeconds) {
    if (GetParam() == Noise::paused) GTEST_SKIP() << "its limit lies within the pauses";
    Cell cell{.noise = GetParam(), .seconds = 60, .slowdown = 3};
    cell.limit = limit_of(cell);
    const Outcomes found = simulate(cell, 50, {});
    EXPECT_EQ(found.against, 50) << name_of(cell.noise);
    EXPECT_LE(found.median_seconds, 20) << name_of(cell.noise);
}

INSTANTIATE_TEST_SUITE_P(AllNoises, Power, testing::ValuesIn(all_noises), [](const auto& each) {
    return std::to_string(each.index);
});

}  // namespace
}  // namespace weir::power

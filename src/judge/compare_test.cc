#include "judge/compare.h"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace weir::judge {
namespace {

using testing::ElementsAre;

/// Half a minute of log-normal answers, each second a little different from the next.
record::RunRecord run_of(const std::string& name, double median_ms, std::uint64_t seed) {
    record::RunRecord record;
    base::Random random(seed);
    const auto normal = [&random] {
        return std::sqrt(-2 * std::log(1 - random.unit())) *
               std::cos(2 * std::numbers::pi * random.unit());
    };
    record::Tags tags;
    tags.set("name", name);
    tags.set("scenario", "journey");
    const auto row = record.windows.row_index(tags);
    double mood = 0;
    for (int second = 0; second < 30; ++second) {
        mood = 0.7 * mood + 0.05 * normal();
        auto& counted =
            record::Windows::of_row(record.windows.at(std::chrono::seconds(second)), row);
        for (int i = 0; i < 25; ++i) {
            counted.requests += 1;
            counted.response_time.add(
                static_cast<std::int64_t>(median_ms * 1e6 * std::exp(mood + 0.3 * normal())));
        }
    }
    return record;
}

ChangeWord word_for(double before,
                    double after,
                    std::uint64_t seed,
                    const plan::PracticalThreshold& threshold) {
    return compare(run_of("page", before, seed), run_of("page", after, seed + 1), threshold, 0.01)
        .requests.front()
        .word;
}

TEST(Compare, NamesWhatBecameSlowerOrFasterAndByHowMuch) {
    const auto found = compare(run_of("page", 200, 1), run_of("page", 400, 2), {}, 0.01);
    ASSERT_EQ(found.requests.size(), 1U);
    EXPECT_EQ(found.requests[0].word, ChangeWord::slower);
    EXPECT_TRUE(found.requests[0].median.ratio.contains(2));
    EXPECT_GT(found.requests[0].median.ratio.low, 1.5);
    EXPECT_EQ(word_for(400, 200, 3, {}), ChangeWord::faster);
    EXPECT_EQ(word_for(200, 200, 5, {}), ChangeWord::same);
}

TEST(Compare, IgnoresWhatIsBelowEitherPartOfTheThreshold) {
    EXPECT_EQ(word_for(10, 20, 1, {}), ChangeWord::same) << "twice, but 10 ms";
    EXPECT_EQ(word_for(2000, 2150, 1, {}), ChangeWord::same) << "150 ms, but 7 %";
}

TEST(Compare, EqualRunsAreHardlyEverCalledSlower) {
    const auto any = plan::parse_slower_than("0%").value();
    int slower = 0;
    constexpr int pairs = 60;
    for (int i = 0; i < pairs; ++i) {
        slower +=
            word_for(200, 200, 100 + 2 * static_cast<std::uint64_t>(i), any) == ChangeWord::slower
                ? 1
                : 0;
    }
    EXPECT_LE(slower, 3);
}

TEST(Compare, WhatIsOnOneSideAloneIsNamed) {
    const auto found = compare(run_of("old", 200, 1), run_of("new", 200, 2), {}, 0.01);
    EXPECT_TRUE(found.requests.empty());
    EXPECT_THAT(found.only_before, ElementsAre("old"));
    EXPECT_THAT(found.only_after, ElementsAre("new"));
}

}  // namespace
}  // namespace weir::judge

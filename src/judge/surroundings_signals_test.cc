#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/signals.h"

namespace weir::judge {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

record::RunRecord half_a_minute() {
    record::RunRecord record;
    record.duration = 30s;
    return record;
}

TEST(Facts, OutOfTheirPinsAreDrift) {
    auto record = half_a_minute();
    record.surroundings.facts = {{"cases", 310}};
    Criteria criteria;
    criteria.facts = {{.name = "cases", .at_least = 9000, .at_most = 0, .has_least = true}};
    Signals signals;
    judge_facts(record, criteria, signals);
    ASSERT_EQ(signals.size(), 1U);
    EXPECT_TRUE(signals[0].hard);
    EXPECT_EQ(signals[0].name, "data drift");
    EXPECT_THAT(signals[0].words, HasSubstr("cases: 310, pinned at 9000 or more"));

    record.surroundings.facts = {{"cases", 9000}};
    signals.clear();
    judge_facts(record, criteria, signals);
    EXPECT_TRUE(signals.empty());

    record.surroundings = {};
    record.surroundings.facts_error = "TypeError: no";
    judge_facts(record, criteria, signals);
    ASSERT_EQ(signals.size(), 1U) << "a fact that nobody knows is none that holds";
    EXPECT_THAT(signals[0].words, HasSubstr("TypeError: no"));
}

TEST(Dependencies, AreUnwellWhenTheirOwnHealthCheckSaysSo) {
    auto record = half_a_minute();
    record::Probed risk;
    risk.name = "risk";
    risk.slow_over = 1s;
    for (int i = 0; i < 30; ++i) risk.probes.push_back({i * 1s, 2ms, 200});
    record.surroundings.probed = {record::Probed{}, risk};
    Signals signals;
    judge_dependencies(record, signals);
    EXPECT_TRUE(signals.empty());
    for (std::size_t i = 5; i < 15; ++i) record.surroundings.probed[1].probes[i].took = 2500ms;
    judge_dependencies(record, signals);
    ASSERT_EQ(signals.size(), 1U);
    EXPECT_TRUE(signals[0].hard);
    EXPECT_EQ(signals[0].who, "whoever runs risk");

    // A target that died may have taken it along: no excuse.
    for (int i = 0; i < 30; ++i) {
        record.surroundings.probed[0].probes.push_back({i * 1s, 1ms, i < 5 ? 200 : 0});
    }
    signals.clear();
    judge_dependencies(record, signals);
    EXPECT_TRUE(signals.empty());
}

TEST(ForeignLoad, IsWhatNeitherTheTargetNorTheGeneratorUsed) {
    auto record = half_a_minute();
    // Two cores for 20 s: 40 s of CPU time, of which 8 idle; the target used 10.
    record.surroundings.readings = {{1s, 5, 1e8, 100, 1000, 500}, {21s, 5, 1e8, 110, 1040, 508}};
    Signals signals;
    judge_foreign_load(record, {}, signals);
    ASSERT_EQ(signals.size(), 1U);
    EXPECT_THAT(signals[0].words, HasSubstr("others used 55 %"));
    signals.clear();
    record.surroundings.generator_on_target = true;
    record.health.cpu_user = 12s;
    record.health.cpu_system = 3s;
    judge_foreign_load(record, {}, signals);
    EXPECT_TRUE(signals.empty());
}

/// A target that is away for a second at the 15th and is another process then.
record::RunRecord handed_over(double memory_before) {
    auto record = half_a_minute();
    record::Tags tags;
    tags.set("name", "page");
    const auto row = record.windows.row_index(tags);
    for (int second = 0; second < 30; ++second) {
        auto& counted = record::Windows::of_row(record.windows.at(second * 1s), row);
        counted.requests = 25;
        if (second == 15) {
            counted.failed = 25;
        } else {
            counted.response_time.add(base::Nanos(10ms).count(), 25);
        }
        const bool later = second > 15;
        const double memory = later ? 1e8 : 1e8 + (memory_before - 1e8) * second / 15;
        record.surroundings.readings.push_back({second * 1s, later ? 2.0 : 1.0, memory, 1, 1, 1});
    }
    return record;
}

TEST(Restart, IsFromOutsideOnlyWhenTheTargetWasWellUntilThen) {
    EXPECT_TRUE(restarted_from_outside(handed_over(1e8)));
    EXPECT_FALSE(restarted_from_outside(handed_over(5e8))) << "its memory grew: it was killed";
    auto slow = handed_over(1e8);
    for (int second = 5; second < 15; ++second) {
        auto& row = slow.windows.at(second * 1s).rows[0];
        row.response_time = {};
        row.response_time.add(base::Nanos(4s).count(), 25);
    }
    EXPECT_FALSE(restarted_from_outside(slow));
    auto same = handed_over(1e8);
    for (auto& reading : same.surroundings.readings) reading.process_start = 1;
    EXPECT_FALSE(restarted_from_outside(same));
    EXPECT_FALSE(restarted_from_outside(half_a_minute())) << "without evidence it is the service's";
}

}  // namespace
}  // namespace weir::judge

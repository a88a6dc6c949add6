#include "judge/baseline.h"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace weir::judge {
namespace {

using record::FindingState;
using testing::HasSubstr;

record::PastRun run_with(double median, double p95) {
    record::PastRun run;
    run.requests = {{.journey = "j",
                     .request = "page",
                     .answered = 750,
                     .failed = 0,
                     .mean_ms = 0,
                     .median_ms = median,
                     .p95_ms = p95,
                     .p99_ms = 0,
                     .histogram = {}}};
    return run;
}

std::vector<record::PastRun> history(base::Random& random, int runs, double median) {
    std::vector<record::PastRun> past;
    for (int i = 0; i < runs; ++i) {
        const double noise = std::exp(0.1 * std::sqrt(-2 * std::log(1 - random.unit())) *
                                      std::cos(2 * std::numbers::pi * random.unit()));
        past.push_back(run_with(median * noise, 2 * median * noise));
    }
    return past;
}

TEST(Baseline, FewRunsAreNone) {
    base::Random random(1);
    const auto past = history(random, 4, 200);
    const auto findings = compare_with_history(run_with(900, 900).requests, past, {});
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].state, FindingState::undecided);
    EXPECT_THAT(findings[0].words, HasSubstr("no baseline yet: 4 of 5"));
}

TEST(Baseline, AnUnchangedServiceIsHardlyEverCalledSlower) {
    base::Random random(2);
    int alarms = 0;
    constexpr int gates = 2000;
    for (int i = 0; i < gates; ++i) {
        const auto past = history(random, 10, 400);
        const auto now = history(random, 1, 400);
        for (const auto& finding : compare_with_history(now[0].requests, past, {})) {
            alarms += finding.state == FindingState::missed ? 1 : 0;
        }
    }
    EXPECT_LE(alarms, gates / 100);
}

TEST(Baseline, ASlowdownIsFoundAndASmallOneIsIgnored) {
    base::Random random(3);
    int found = 0;
    for (int i = 0; i < 100; ++i) {
        const auto past = history(random, 20, 400);
        const auto findings = compare_with_history(run_with(640, 1280).requests, past, {});
        found += findings[0].state == FindingState::missed ? 1 : 0;
    }
    EXPECT_GE(found, 90);
    // Twice as slow, but by 10 ms: nobody notices.
    const auto quick = history(random, 20, 10);
    EXPECT_EQ(compare_with_history(run_with(20, 40).requests, quick, {})[0].state,
              FindingState::held);
}

TEST(Baseline, OldRunsBeforeAChangeAreLeftOut) {
    base::Random random(4);
    auto past = history(random, 10, 400);  // newest first: since the fix
    for (auto& old : history(random, 20, 1200)) past.push_back(old);
    const auto finding = compare_with_history(run_with(800, 1600).requests, past, {})[0];
    EXPECT_EQ(finding.state, FindingState::missed);
    EXPECT_THAT(finding.words, HasSubstr("since the change 10 runs ago"));
}

}  // namespace
}  // namespace weir::judge

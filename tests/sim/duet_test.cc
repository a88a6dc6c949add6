// Duets on virtual time: two simulated servers, driven in pairs.
#include <gmock/gmock.h>

#include "tests/sim/sim_run.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;
using record::PairSeries;

std::vector<plan::Scenario> both_sides(std::uint64_t rate,
                                       base::Nanos duration,
                                       base::Nanos offset) {
    std::vector<plan::Scenario> sides;
    for (const bool candidate : {false, true}) {
        plan::Scenario side;
        side.name = candidate ? "s (candidate)" : "s (baseline)";
        side.tags["journey"] = "s";
        side.executor = plan::ExecutorKind::constant_arrival_rate;
        side.rate = rate;
        side.duration = duration;
        side.pre_allocated_vus = 20;
        side.max_vus = 40;
        side.pairing = plan::Pairing{.candidate = candidate, .offset = offset, .seed = 5};
        sides.push_back(side);
    }
    return sides;
}

/// The address is read in init code, as journeys do; the subject is drawn.
std::string drawing_script() {
    return "import http from 'k6/http';\n"
           "import exec from 'k6/execution';\n"
           "const base = __ENV.BASE_URL;\n"
           "export default function () {\n"
           "  const subject = `${exec.scenario.iterationInTest}-${Math.random()}`;\n"
           "  http.get(`${base}/page`, { tags: { name: `page of ${subject}` } });\n"
           "}\n";
}

std::string page_script() {
    return "import http from 'k6/http';\n"
           "const base = __ENV.BASE_URL;\n"
           "export default function () {\n"
           "  http.get(`${base}/page`, { tags: { name: 'page' } });\n"
           "  http.get(`${base}/page`, { tags: { name: 'other' } });\n"
           "}\n";
}

Server::Law after(base::Nanos delay) {
    return [delay](base::Instant) { return Answer{.after = delay}; };
}

TEST(Duet, BothSidesOfAPairServeTheSameSubject) {
    SimRun run(drawing_script(), both_sides(10, 5s, 50ms), after(10ms));
    const auto record = run.execute();
    // Names differ by subject: a pair in each means that both sides drew the same one.
    ASSERT_EQ(record.pairs.size(), 50U);
    for (const auto& series : record.pairs) {
        EXPECT_EQ(series.pairs.size(), 1U) << series.name;
        EXPECT_EQ(series.baseline_only + series.candidate_only, 0U);
    }
    EXPECT_EQ(run.server.requests, 50U);
    EXPECT_EQ(run.candidate.requests, 50U);
}

TEST(Duet, MeasuresEachRequestOnBothSides) {
    SimRun run(page_script(), both_sides(20, 5s, 10ms), after(100ms));
    run.candidate.obey(after(130ms));
    const auto record = run.execute();
    ASSERT_EQ(record.pairs.size(), 2U);
    EXPECT_EQ(record.pairs[0].name, "other");
    EXPECT_EQ(record.pairs[1].name, "page");
    for (const auto& series : record.pairs) {
        ASSERT_EQ(series.pairs.size(), 100U);
        for (const auto& pair : series.pairs) {
            EXPECT_NEAR(base::to_ms(pair.baseline), 100, 2);
            EXPECT_NEAR(base::to_ms(pair.candidate), 130, 2);
        }
    }
    for (std::size_t i = 0; i < 100; ++i) {
        EXPECT_NEAR(base::to_ms(record.pairs[1].pairs[i].at), 50.0 * static_cast<double>(i), 1);
    }
}

TEST(Duet, TheOrderWithinPairsIsMixed) {
    SimRun run(page_script(), both_sides(20, 5s, 10ms), after(1ms));
    static_cast<void>(run.execute());
    int baseline_first = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        // Two requests an iteration: the first of each.
        baseline_first += run.server.arrivals[2 * i] < run.candidate.arrivals[2 * i] ? 1 : 0;
    }
    EXPECT_EQ(baseline_first, 50);
}

TEST(Duet, RulesSeeThePairsSoFarAndMayEndIt) {
    SimRun run(page_script(), both_sides(20, 60s, 10ms), after(10ms));
    run.stop_rules.push_back([](const engine::SoFar& so_far) -> std::optional<engine::Stop> {
        if (so_far.pairs.empty() || so_far.pairs[0].pairs.size() < 100) return std::nullopt;
        return engine::Stop{record::EndKind::decided, "enough"};
    });
    const auto record = run.execute();
    EXPECT_EQ(record.ending.kind, record::EndKind::decided);
    ASSERT_EQ(record.pairs.size(), 2U);
    EXPECT_GE(record.pairs[0].pairs.size(), 100U);
    EXPECT_LT(record.pairs[0].pairs.size(), 200U);
}

TEST(Duet, AFailureOnOneSideIsThatSides) {
    SimRun run(page_script(), both_sides(20, 5s, 10ms), after(10ms));
    run.candidate.obey([](base::Instant) { return Answer{.after = 1ms, .status = 500}; });
    const auto record = run.execute();
    for (const auto& series : record.pairs) {
        ASSERT_EQ(series.pairs.size(), 100U);
        EXPECT_TRUE(series.pairs[7].candidate_failed);
        EXPECT_FALSE(series.pairs[7].baseline_failed);
    }
}

}  // namespace
}  // namespace weir::sim

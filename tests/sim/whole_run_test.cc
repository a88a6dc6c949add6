// Whole runs from 100 seeds: whatever the network does, nothing is lost and the same seed is the
// same run.
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/codec.h"
#include "record/metric_view.h"
#include "tests/sim/sim_run.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

/// A hostile server whose every choice comes from the seed.
Server::Law hostile(std::shared_ptr<base::Random> random) {
    return [random](base::Instant) {
        Answer answer;
        answer.after = base::Nanos(static_cast<std::int64_t>(random->below(200'000'000)));
        switch (random->below(20)) {
            case 0:
                answer.never = true;
                break;
            case 1:
                answer.reset = true;
                break;
            case 2:
                answer.truncated = true;
                break;
            case 3:
                answer.garbage = true;
                break;
            case 4:
                answer.status = 503;
                break;
            case 5:
                answer.after = 7s;
                break;
            default:
                break;
        }
        return answer;
    };
}

std::vector<plan::Scenario> scenarios_from(base::Random& random) {
    plan::Scenario open;
    open.name = "open";
    open.executor = plan::ExecutorKind::constant_arrival_rate;
    open.rate = 1 + random.below(40);
    open.duration = std::chrono::seconds(1 + random.below(8));
    open.graceful_stop = std::chrono::seconds(random.below(4));
    open.pre_allocated_vus = static_cast<std::uint32_t>(1 + random.below(5));
    open.max_vus = open.pre_allocated_vus + static_cast<std::uint32_t>(random.below(20));
    plan::Scenario closed;
    closed.name = "closed";
    closed.executor = plan::ExecutorKind::shared_iterations;
    closed.vus = static_cast<std::uint32_t>(1 + random.below(4));
    closed.iterations = closed.vus + random.below(20);
    closed.duration = std::chrono::seconds(2 + random.below(20));
    closed.start_time = std::chrono::seconds(random.below(3));
    closed.graceful_stop = std::chrono::seconds(random.below(4));
    return {open, closed};
}

record::RunRecord run_from(std::uint64_t seed) {
    base::Random random(seed);
    auto scenarios = scenarios_from(random);
    SimRun run(one_request_script(), std::move(scenarios),
               hostile(std::make_shared<base::Random>(random.split())), seed);
    auto refusals = std::make_shared<base::Random>(random.split());
    run.server.refuses = [refusals](std::uint64_t) { return refusals->below(15) == 0; };
    return run.execute();
}

void expect_nothing_lost(const record::RunRecord& record) {
    std::uint64_t completed = 0;
    std::uint64_t interrupted = 0;
    for (const auto& scenario : record.scenarios) {
        EXPECT_EQ(scenario.offered, scenario.started + scenario.dropped) << scenario.name;
        EXPECT_EQ(scenario.started, scenario.completed + scenario.interrupted) << scenario.name;
        completed += scenario.completed;
        interrupted += scenario.interrupted;
    }
    const record::MetricView view(record);
    const auto iterations = view.select("iterations");
    EXPECT_EQ(iterations ? iterations->count() : 0, static_cast<double>(completed));
    const auto requests = view.select("http_reqs");
    const auto unfinished = view.select("weir_unfinished");
    // One request an iteration: each is finished or recorded as unfinished.
    EXPECT_EQ((requests ? requests->count() : 0) +
                  static_cast<double>(unfinished ? unfinished->samples() : 0),
              static_cast<double>(completed + interrupted));
}

TEST(WholeRun, LosesNothingAndReplaysFromItsSeed) {
    const char* chosen = std::getenv("WEIR_SEED");
    const std::uint64_t first = chosen == nullptr ? 1 : std::strtoull(chosen, nullptr, 10);
    const std::uint64_t last = chosen == nullptr ? 100 : first;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        SCOPED_TRACE("replay with WEIR_SEED=" + std::to_string(seed));
        const auto record = run_from(seed);
        expect_nothing_lost(record);
        if (seed % 10 == 0) {
            EXPECT_EQ(record::encode(record), record::encode(run_from(seed)));
        }
        if (testing::Test::HasFailure()) return;
    }
}

TEST(WholeRun, AFreezeOfTheTargetIsInTheResponseTimeThatTheScheduleImplies) {
    plan::Scenario scenario;
    scenario.name = "arrivals";
    scenario.executor = plan::ExecutorKind::constant_arrival_rate;
    scenario.rate = 500;
    scenario.duration = 20s;
    scenario.pre_allocated_vus = 20;  // far too few: the others are made as arrivals need them
    scenario.max_vus = 2000;
    base::Instant frozen_from{};
    SimRun run(one_request_script(), {scenario}, [&frozen_from](base::Instant at) {
        if (frozen_from == base::Instant{}) frozen_from = at + 8s;
        Answer answer{.after = 1ms};
        if (at >= frozen_from && at < frozen_from + 2s) answer.after = frozen_from + 2s - at;
        return answer;
    });
    const auto record = run.execute();
    EXPECT_EQ(record.scenarios.front().dropped, 0U);
    const auto times = record::MetricView(record).select("weir_response_time");
    ASSERT_TRUE(times);
    EXPECT_EQ(times->samples(), 10'000U);
    // A tenth of all arrivals wait evenly from 2 s to 0: the slowest hundredth begins at 1.8 s.
    EXPECT_NEAR(times->quantile(0.99), 1800, 0.05 * 1800);
}

TEST(WholeRun, AnAbortKeepsWhatWasMeasured) {
    plan::Scenario scenario;
    scenario.name = "arrivals";
    scenario.executor = plan::ExecutorKind::constant_arrival_rate;
    scenario.rate = 10;
    scenario.duration = 60s;
    scenario.pre_allocated_vus = 5;
    scenario.max_vus = 5;
    SimRun run(one_request_script(), {scenario},
               [](base::Instant) { return Answer{.after = 50ms}; });
    engine::Run* running = nullptr;
    rt::Timer abort(
        [](void* context) {
            (*static_cast<engine::Run**>(context))
                ->abort(record::EndKind::aborted_by_signal, "interrupted");
        },
        &running);
    run.before_start = [&](engine::Run& made) {
        running = &made;
        run.loop.arm(abort, run.loop.clock().now() + 3s);
    };
    const auto record = run.execute();
    EXPECT_EQ(record.ending.kind, record::EndKind::aborted_by_signal);
    EXPECT_NEAR(static_cast<double>(record.scenarios.front().completed), 30, 2);
    EXPECT_LT(record.duration, 4s);
}

}  // namespace
}  // namespace weir::sim

// The six executors as k6 documents them, on virtual time.
#include <algorithm>

#include <gtest/gtest.h>

#include "record/metric_view.h"
#include "tests/sim/sim_run.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

Server::Law after(base::Nanos delay) {
    return [delay](base::Instant) { return Answer{.after = delay}; };
}

plan::Scenario scenario(plan::ExecutorKind kind, base::Nanos duration) {
    plan::Scenario made;
    made.name = "s";
    made.executor = kind;
    made.duration = duration;
    return made;
}

TEST(Executors, SharedIterationsAreSharedAndNoMore) {
    auto shared = scenario(plan::ExecutorKind::shared_iterations, 10min);
    shared.vus = 7;
    shared.iterations = 100;
    SimRun run(one_request_script(), {shared}, after(10ms));
    const auto record = run.execute();
    EXPECT_EQ(record.scenarios.front().completed, 100U);
    EXPECT_EQ(run.server.requests, 100U);
    EXPECT_LT(record.duration, 1s);  // ends when they are done, not after ten minutes
}

TEST(Executors, PerVuIterationsAreEachUsersOwn) {
    auto own = scenario(plan::ExecutorKind::per_vu_iterations, 10min);
    own.vus = 4;
    own.iterations = 25;
    SimRun run(one_request_script(), {own}, after(10ms));
    EXPECT_EQ(run.execute().scenarios.front().completed, 100U);
}

TEST(Executors, IterationsLeftAtMaxDurationAreDropped) {
    auto own = scenario(plan::ExecutorKind::per_vu_iterations, 1s);
    own.vus = 1;
    own.iterations = 100;
    SimRun run(one_request_script(), {own}, after(100ms));
    const auto outcome = run.execute().scenarios.front();
    EXPECT_EQ(outcome.completed + outcome.dropped, 100U);
    EXPECT_NEAR(static_cast<double>(outcome.completed), 10, 1);
}

TEST(Executors, ConstantVusLoopForTheDuration) {
    auto looping = scenario(plan::ExecutorKind::constant_vus, 10s);
    looping.vus = 5;
    SimRun run(one_request_script(), {looping}, after(99ms));
    const auto record = run.execute();
    EXPECT_NEAR(static_cast<double>(record.scenarios.front().completed), 500, 15);
    EXPECT_GE(record.duration, 10s);
}

TEST(Executors, RampingVusFollowTheStages) {
    auto ramp = scenario(plan::ExecutorKind::ramping_vus, {});
    ramp.vus = 0;
    ramp.stages = {{10s, 10}, {10s, 0}};
    SimRun run(one_request_script(), {ramp}, after(100ms));
    const auto record = run.execute();
    // The triangle's area: 10 users at the top, 20 s at the base: 100 user-seconds of 10 requests
    // each.
    EXPECT_NEAR(static_cast<double>(record.scenarios.front().completed), 1000, 80);
}

TEST(Executors, ConstantArrivalRateDividesByTheTimeUnit) {
    auto arrivals = scenario(plan::ExecutorKind::constant_arrival_rate, 60s);
    arrivals.rate = 30;
    arrivals.time_unit = 1min;
    arrivals.pre_allocated_vus = 1;
    arrivals.max_vus = 1;
    SimRun run(one_request_script(), {arrivals}, after(10ms));
    const auto record = run.execute();
    EXPECT_EQ(record.scenarios.front().offered, 30U);
    ASSERT_EQ(run.server.arrivals.size(), 30U);
    for (std::size_t i = 1; i < run.server.arrivals.size(); ++i) {
        EXPECT_NEAR(base::to_ms(run.server.arrivals[i] - run.server.arrivals[i - 1]), 2000, 2);
    }
}

TEST(Executors, RampingArrivalRateHasTheAreaUnderItsStages) {
    auto arrivals = scenario(plan::ExecutorKind::ramping_arrival_rate, {});
    arrivals.rate = 0;
    arrivals.stages = {{10s, 100}, {10s, 100}, {10s, 0}};
    arrivals.pre_allocated_vus = 10;
    arrivals.max_vus = 50;
    SimRun run(one_request_script(), {arrivals}, after(10ms));
    EXPECT_NEAR(static_cast<double>(run.execute().scenarios.front().offered), 2000, 2);
}

TEST(Executors, AnOpenModelDropsWhatNoUserIsFreeFor) {
    auto arrivals = scenario(plan::ExecutorKind::constant_arrival_rate, 10s);
    arrivals.rate = 10;
    arrivals.pre_allocated_vus = 2;
    arrivals.max_vus = 2;
    SimRun run(one_request_script(), {arrivals}, after(1s));
    const auto outcome = run.execute();
    const auto& s = outcome.scenarios.front();
    EXPECT_EQ(s.offered, 100U);
    EXPECT_GT(s.dropped, 70U);
    const auto dropped = record::MetricView(outcome).select("dropped_iterations");
    ASSERT_TRUE(dropped);
    EXPECT_EQ(dropped->count(), static_cast<double>(s.dropped));
}

TEST(Executors, WindowsHaveEachIterationOnce) {
    auto arrivals = scenario(plan::ExecutorKind::constant_arrival_rate, 10s);
    arrivals.rate = 10;
    arrivals.pre_allocated_vus = 2;
    arrivals.max_vus = 2;
    SimRun run(one_request_script(), {arrivals}, after(1s));
    const auto record = run.execute();
    std::uint64_t started = 0;
    std::uint64_t finished = 0;
    std::uint64_t dropped = 0;
    for (const auto& window : record.windows.all()) {
        started += window.iterations_started;
        finished += window.iterations_finished;
        dropped += window.iterations_dropped;
    }
    const auto& s = record.scenarios.front();
    EXPECT_EQ(started, s.started);
    EXPECT_EQ(finished, s.completed);
    EXPECT_EQ(dropped, s.dropped);
}

TEST(Executors, GracefulStopLetsIterationsEndAndThenInterruptsThem) {
    auto patient = scenario(plan::ExecutorKind::constant_arrival_rate, 1s);
    patient.rate = 1;
    patient.pre_allocated_vus = 1;
    patient.max_vus = 1;
    patient.graceful_stop = 5s;
    SimRun waits(one_request_script(), {patient}, after(3s));
    EXPECT_EQ(waits.execute().scenarios.front().completed, 1U);

    patient.graceful_stop = 1s;
    SimRun ends(one_request_script(), {patient}, after(3s));
    const auto record = ends.execute();
    EXPECT_EQ(record.scenarios.front().interrupted, 1U);
    const auto unfinished = record::MetricView(record).select("weir_unfinished");
    ASSERT_TRUE(unfinished);
    EXPECT_EQ(unfinished->samples(), 1U);  // a failure, never dropped
}

TEST(Executors, ScenariosBeginAtTheirStartTime) {
    auto first = scenario(plan::ExecutorKind::shared_iterations, 10s);
    first.name = "first";
    auto second = first;
    second.name = "second";
    second.start_time = 5s;
    SimRun run(one_request_script(), {first, second}, after(10ms));
    (void)run.execute();
    ASSERT_EQ(run.server.arrivals.size(), 2U);
    EXPECT_NEAR(base::to_seconds(run.server.arrivals[1] - run.server.arrivals[0]), 5, 0.01);
}

}  // namespace
}  // namespace weir::sim

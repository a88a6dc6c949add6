// Observers see a run's totals while it lasts, in their own rhythm, and once when all is over.
#include <gtest/gtest.h>

#include "record/metric_view.h"
#include "tests/sim/sim_run.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

plan::Scenario ten_a_second(base::Nanos duration) {
    plan::Scenario scenario;
    scenario.name = "open";
    scenario.executor = plan::ExecutorKind::constant_arrival_rate;
    scenario.rate = 10;
    scenario.duration = duration;
    scenario.pre_allocated_vus = scenario.max_vus = 5;
    return scenario;
}

struct Look {
    base::Nanos elapsed{};
    double requests = 0;
    bool ended = false;
};

engine::Observer noting(std::vector<Look>& looks, base::Nanos every) {
    return {.every = every, .look = [&looks](const engine::SoFar& so_far) {
                const record::MetricView view(so_far.metrics, so_far.totals.series, 1s);
                const auto requests = view.select("http_reqs");
                looks.push_back({so_far.elapsed, requests ? requests->count() : 0, so_far.ended});
            }};
}

TEST(Observers, LookInTheirOwnRhythmAndAtTheEnd) {
    SimRun run(one_request_script(), {ten_a_second(30s)}, [](base::Instant) { return Answer{}; });
    std::vector<Look> often;
    std::vector<Look> seldom;
    run.observers = {noting(often, 1s), noting(seldom, 10s)};
    const auto record = run.execute();
    ASSERT_GE(often.size(), 29U);
    EXPECT_NEAR(base::to_seconds(often.front().elapsed), 1, 0.6);
    ASSERT_GE(seldom.size(), 3U);
    EXPECT_NEAR(base::to_seconds(seldom.front().elapsed), 10, 0.6);
    for (auto* const looks : {&often, &seldom}) {
        for (std::size_t i = 1; i < looks->size(); ++i) {
            EXPECT_GE((*looks)[i].requests, (*looks)[i - 1].requests);
            EXPECT_FALSE((*looks)[i - 1].ended);
        }
        EXPECT_TRUE(looks->back().ended);
        EXPECT_EQ(looks->back().requests, 300);
        EXPECT_EQ(looks->back().elapsed, record.duration);
    }
}

TEST(Observers, KnowThePlannedEnd) {
    auto later = ten_a_second(5s);
    later.name = "later";
    later.start_time = 20s;
    SimRun run(one_request_script(), {ten_a_second(3s), later},
               [](base::Instant) { return Answer{}; });
    base::Nanos planned{};
    run.on_progress = [&planned](const engine::Progress& progress) { planned = progress.planned; };
    static_cast<void>(run.execute());
    EXPECT_EQ(planned, 25s);
}

}  // namespace
}  // namespace weir::sim

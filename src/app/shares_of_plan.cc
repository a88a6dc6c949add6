#include "app/shares_of_plan.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <utility>

#include "pace/arrivals.h"
#include "pace/user_curve.h"

namespace weir::app {
namespace {

using plan::ExecutorKind;

pace::Arrivals::Schedule schedule_of(const plan::Scenario& scenario) {
    const pace::Rate rate{.count = scenario.rate, .per = scenario.time_unit};
    if (scenario.pairing) {
        return pace::PairedArrivals(rate, scenario.duration,
                                    {.second_side = scenario.pairing->candidate,
                                     .offset = scenario.pairing->offset,
                                     .seed = scenario.pairing->seed});
    }
    if (scenario.executor == ExecutorKind::constant_arrival_rate) {
        return pace::ConstantArrivals(rate, scenario.duration);
    }
    std::vector<pace::RateStage> stages;
    for (const auto& stage : scenario.stages) stages.push_back({stage.duration, stage.target});
    return pace::RampingArrivals(rate, stages);
}

std::vector<pace::UserStep> steps_of(const plan::Scenario& scenario) {
    if (scenario.executor != ExecutorKind::ramping_vus) return {{base::Nanos{}, scenario.vus}};
    std::vector<pace::UserStage> stages;
    for (const auto& stage : scenario.stages) {
        stages.push_back({stage.duration, static_cast<std::uint32_t>(stage.target)});
    }
    return pace::UserCurve(scenario.vus, std::move(stages)).steps();
}

engine::OpenPlan open_share(const plan::Scenario& scenario,
                            std::uint32_t part,
                            std::uint32_t parts) {
    engine::OpenPlan share;
    share.arrivals = pace::partition(schedule_of(scenario), {.first = part, .step = parts});
    share.duration = length_of(scenario);
    share.users_ready = pace::share_of(scenario.pre_allocated_vus, part, parts);
    share.users_max = std::max(share.users_ready, pace::share_of(scenario.max_vus, part, parts));
    return share;
}

/// A duet's workers come twice: all of the baseline's, then all of the candidate's. On the other
/// side's this scenario has nothing to do.
void add_other_sides_seats(engine::ScenarioPlan& planned, bool candidate) {
    std::vector<engine::Share> idle = planned.shares;
    for (auto& share : idle) {
        auto& plan = std::get<engine::OpenPlan>(share.plan);
        plan = {.arrivals = {}, .duration = plan.duration, .users_ready = 0, .users_max = 0};
    }
    const auto place = candidate ? planned.shares.begin() : planned.shares.end();
    planned.shares.insert(place, idle.begin(), idle.end());
}

}  // namespace

base::Nanos length_of(const plan::Scenario& scenario) {
    if (scenario.stages.empty()) return scenario.duration;
    return std::accumulate(
        scenario.stages.begin(), scenario.stages.end(), base::Nanos{},
        [](base::Nanos sum, const plan::Stage& each) { return sum + each.duration; });
}

std::size_t users_most(const plan::Scenario& scenario) {
    if (is_open(scenario.executor)) return scenario.max_vus;
    std::uint32_t most = 0;
    for (const auto& step : steps_of(scenario)) most = std::max(most, step.users);
    return most;
}

engine::ScenarioPlan plan_scenario(const plan::Scenario& scenario,
                                   journey::ScenarioContext& context,
                                   std::size_t workers) {
    context.name = scenario.name;
    context.executor = std::string(plan::word_of(scenario.executor));
    context.exec = scenario.exec;
    context.env = scenario.env;
    context.tags = scenario.tags;
    const base::Nanos length = length_of(scenario);
    context.progress = [&context, length](base::Instant now) {
        if (length <= base::Nanos{}) return 1.0;
        return std::clamp(base::to_seconds(now - context.start) / base::to_seconds(length), 0.0,
                          1.0);
    };
    engine::ScenarioPlan planned{
        .context = &context, .open_model = is_open(scenario.executor), .shares = {}};
    auto shared = scenario.executor == ExecutorKind::shared_iterations
                      ? std::make_shared<std::atomic<std::uint64_t>>(scenario.iterations)
                      : nullptr;
    for (std::uint32_t part = 0; part < workers; ++part) {
        engine::Share share{.scenario = &context,
                            .start_after = scenario.start_time,
                            .graceful_stop = scenario.graceful_stop,
                            .plan = {}};
        const auto parts = static_cast<std::uint32_t>(workers);
        if (planned.open_model) {
            share.plan = open_share(scenario, part, parts);
        } else {
            share.plan = engine::ClosedPlan{
                .steps = pace::share_of(steps_of(scenario), part, parts),
                .duration = length,
                .graceful_ramp_down = scenario.graceful_ramp_down,
                .budget = {.per_user = scenario.executor == ExecutorKind::per_vu_iterations
                                           ? scenario.iterations
                                           : 0,
                           .shared = shared}};
        }
        planned.shares.push_back(std::move(share));
    }
    if (scenario.pairing) add_other_sides_seats(planned, scenario.pairing->candidate);
    return planned;
}

}  // namespace weir::app

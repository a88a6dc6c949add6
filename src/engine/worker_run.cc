#include "engine/worker_run.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "record/tags.h"

namespace weir::engine {

std::size_t Share::users_ready() const noexcept {
    if (const auto* open = std::get_if<OpenPlan>(&plan)) return open->users_ready;
    std::uint32_t most = 0;
    for (const auto& step : std::get<ClosedPlan>(plan).steps) most = std::max(most, step.users);
    return most;
}

base::Nanos Share::end_after() const noexcept {
    const auto duration = std::visit([](const auto& each) { return each.duration; }, plan);
    return start_after + duration + graceful_stop;
}

WorkerRun::WorkerRun(const journey::RunContext& run,
                     const Seat& seat,
                     UserNumbers numbers,
                     meter::SampleTap* tap)
    : recorder_(*run.registry, seat.loop->clock().now(), tap), crew_(run, context_, numbers) {
    context_.loop = seat.loop;
    context_.stacks = seat.stacks;
    context_.dialer = seat.dialer;
    context_.recorder = &recorder_;
}

void WorkerRun::prepare(std::vector<Share> shares, std::function<void(base::Result<void>)> ready) {
    for (auto& share : shares) {
        auto lane = std::make_unique<Lane>();
        lane->executor = executor_for(share);
        lane->share = std::move(share);
        lane->owner = this;
        lane->start_timer = std::make_unique<rt::Timer>(&WorkerRun::on_start_time, lane.get());
        lanes_.push_back(std::move(lane));
    }
    unfinished_ = lanes_.size();
    crew_.prepare(users_needed(), std::move(ready));
}

/// The most users that scenarios need at one time: one that begins after another ended uses its
/// users.
std::size_t WorkerRun::users_needed() const {
    std::map<base::Nanos, std::ptrdiff_t> changes;
    for (const auto& lane : lanes_) {
        const auto users = static_cast<std::ptrdiff_t>(lane->share.users_ready());
        changes[lane->share.start_after] += users;
        changes[lane->share.end_after()] -= users;
    }
    std::ptrdiff_t now = 0;
    std::ptrdiff_t most = 0;
    for (const auto& [at, change] : changes) {
        now += change;
        most = std::max(most, now);
    }
    return static_cast<std::size_t>(most);
}

std::unique_ptr<Executor> WorkerRun::executor_for(const Share& share) {
    record::Tags tags;
    for (const auto& [key, value] : share.scenario->tags) tags.set(key, value);
    tags.set("scenario", share.scenario->name);
    ExecutorSeat seat{.loop = context_.loop,
                      .crew = &crew_,
                      .recorder = &recorder_,
                      .scenario_tags = recorder_.intern(tags),
                      .scenario = share.scenario,
                      .graceful_stop = share.graceful_stop,
                      .on_finished = [this] { on_lane_finished(); }};
    return std::visit(
        [&seat](const auto& plan) -> std::unique_ptr<Executor> {
            using Plan = std::decay_t<decltype(plan)>;
            if constexpr (std::is_same_v<Plan, ClosedPlan>) {
                return std::make_unique<ClosedExecutor>(std::move(seat), plan);
            } else {
                return std::make_unique<OpenExecutor>(std::move(seat), plan);
            }
        },
        share.plan);
}

void WorkerRun::start(base::Instant at, std::function<void()> finished) {
    start_ = at;
    recorder_.start_windows(at);
    finished_ = std::move(finished);
    for (const auto& lane : lanes_) {
        loop().arm(*lane->start_timer, at + lane->share.start_after);
    }
    if (lanes_.empty()) loop().post(std::exchange(finished_, nullptr));
}

void WorkerRun::on_start_time(void* lane) {
    auto* starting = static_cast<Lane*>(lane);
    starting->executor->start(starting->owner->start_ + starting->share.start_after);
}

void WorkerRun::on_lane_finished() {
    unfinished_ -= 1;
    if (unfinished_ == 0 && finished_) std::exchange(finished_, nullptr)();
}

void WorkerRun::abort() {
    for (const auto& lane : lanes_) {
        loop().cancel(*lane->start_timer);
        lane->executor->abort();
    }
}

void WorkerRun::stop(std::function<void()> stopped) {
    crew_.stop_all(std::move(stopped));
}

std::vector<Tally> WorkerRun::tallies() const {
    std::vector<Tally> all;
    all.reserve(lanes_.size());
    for (const auto& lane : lanes_) all.push_back(lane->executor->tally());
    return all;
}

std::size_t WorkerRun::users_active() const noexcept {
    std::size_t active = 0;
    for (const auto& lane : lanes_) active += lane->executor->running();
    return active;
}

}  // namespace weir::engine

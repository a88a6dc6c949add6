#include "app/telemetry/telemetry.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <utility>

#include "app/secrets/secret_value.h"
#include "app/telemetry/outputs.h"
#include "base/format.h"
#include "rt/baton.h"
#include "rt/clock.h"
#include "rt/fiber.h"
#include "rt/stack_pool.h"
#include "rt/worker.h"

namespace weir::app {
namespace {

/// Engine looks come at whole seconds.
std::chrono::seconds whole_seconds(base::Nanos interval) {
    return std::max(std::chrono::ceil<std::chrono::seconds>(interval), std::chrono::seconds(1));
}

/// A push is not tried for longer than this, however long the interval.
constexpr base::Nanos push_most = std::chrono::seconds(10);
/// Of a core: where putting it all into words takes more, looks come less often.
constexpr double share_most = 0.02;
constexpr double stretch_most = 60;
/// A look is paid for where it is counted, merged, handed over and kept.
constexpr int look_costs = 4;

}  // namespace

struct Telemetry::State {
    /// One output, served by a fiber.
    struct Lane {
        std::unique_ptr<Output> output;
        std::unique_ptr<rt::Baton> wake;
        std::unique_ptr<rt::Fiber> fiber;
        base::Nanos next{};  // of the run's elapsed time: when it is due; the looking thread's
        bool done = false;   // guarded
    };

    explicit State(std::string run) : run_id(std::move(run)) {}

    [[nodiscard]] base::Result<std::unique_ptr<Output>> make(const std::string& kind,
                                                             const plan::TelemetryRules& rules,
                                                             const Place& place);
    void put(std::unique_ptr<Output> output);
    void look(const engine::SoFar& so_far);
    [[nodiscard]] base::Nanos pace() const;
    void serve(Lane& lane);
    void run_thread();
    void await_last();
    void end_thread();

    std::string run_id;
    rt::SystemClock clock;
    rt::Worker worker{rt::WorkerOptions{.name = "weir-telemetry"}};
    rt::StackPool stacks;
    std::vector<Lane> lanes;
    base::Log log;
    base::WallTime since{};
    base::Nanos every{};      // between looks
    base::Nanos look_cost{};  // of the last one; the looking thread's
    bool begun = false;
    bool over = false;  // the telemetry thread's: nothing more will be offered
    std::mutex guard;
    std::condition_variable changed;
};

Telemetry::Telemetry(std::string run_id) : state_(std::make_unique<State>(std::move(run_id))) {}

Telemetry::~Telemetry() {
    (void)finish();
}

base::Result<std::unique_ptr<Output>> Telemetry::State::make(const std::string& kind,
                                                             const plan::TelemetryRules& rules,
                                                             const Place& place) {
    const OutputContext context{.loop = worker.loop(),
                                .run_id = run_id,
                                .directory = place.directory,
                                .secret =
                                    [&](const std::string& name, const plan::SecretSource& source) {
                                        return secret_value(
                                            base::format("telemetry.{}.{}", kind, name), source,
                                            place.directory, place.env_file);
                                    },
                                .hidden = place.hidden};
    auto made = make_output(kind, rules, context);
    if (!made.ok()) return base::within("telemetry." + kind, made.error());
    return made;
}

void Telemetry::State::put(std::unique_ptr<Output> output) {
    const auto same = std::find_if(lanes.begin(), lanes.end(), [&](const Lane& lane) {
        return lane.output->kind() == output->kind();
    });
    if (same != lanes.end()) lanes.erase(same);
    Lane& lane = lanes.emplace_back();
    lane.output = std::move(output);
}

base::Result<void> Telemetry::add(const plan::TelemetryRules& rules, const Place& place) {
    std::vector<std::unique_ptr<Output>> made;
    for (const auto& kind : kinds_of(rules)) {
        TRY(auto output, state_->make(kind, rules, place));
        made.push_back(std::move(output));
    }
    for (auto& output : made) state_->put(std::move(output));
    return {};
}

std::vector<std::string> Telemetry::add_usable(const plan::TelemetryRules& rules,
                                               const Place& place) {
    std::vector<std::string> off;
    for (const auto& kind : kinds_of(rules)) {
        auto output = state_->make(kind, rules, place);
        if (output.ok()) {
            state_->put(std::move(output).value());
        } else {
            off.push_back(base::format("telemetry to {} is off: {}", kind, output.error().text));
        }
    }
    return off;
}

bool Telemetry::empty() const noexcept {
    return state_->lanes.empty();
}

void Telemetry::State::serve(Lane& lane) {
    Output& output = *lane.output;
    const auto& loop = worker.loop();
    while (!lane.fiber->cancelled()) {
        auto moment = output.next();
        if (!moment) {
            if (over || lane.wake->wait() == rt::Wake::cancelled) break;
            continue;
        }
        const bool last = moment->last;
        const base::Instant now = loop.clock().now();
        const base::Nanos time = last ? flush_most : std::min(output.interval(), push_most);
        output.push(std::move(moment), now, now + time);
        if (last) break;
    }
    const std::scoped_lock lock(guard);
    lane.done = true;
    changed.notify_all();
}

void Telemetry::State::run_thread() {
    rt::EpollLoop& loop = worker.loop();
    for (auto& lane : lanes) lane.fiber->start();
    const auto busy = [](const Lane& lane) { return !lane.fiber->done(); };
    loop.hold(true);  // a fiber that waits to be told something keeps no loop running
    while (std::any_of(lanes.begin(), lanes.end(), busy)) loop.run();
}

void Telemetry::begin(const base::Log& log) {
    State& state = *state_;
    if (state.lanes.empty() || state.begun) return;
    state.log = log;
    state.since = state.clock.wall();
    for (auto& lane : state.lanes) {
        lane.output->log_to(log);
        lane.wake = std::make_unique<rt::Baton>(state.worker.loop());
        lane.fiber =
            std::make_unique<rt::Fiber>(state.worker.loop(), state.stacks, rt::script_stack_bytes,
                                        [&state, &lane] { state.serve(lane); });
        lane.fiber->on_done([&state] { state.worker.loop().stop(); });
    }
    const auto started = state.worker.start([&state](rt::EpollLoop&) { state.run_thread(); });
    state.begun = started.ok();
    if (!started.ok()) log.warn("telemetry is off: " + started.error().text);
}

/// On the looking thread: nothing here waits for a receiver.
void Telemetry::State::look(const engine::SoFar& so_far) {
    const base::Nanos slack = std::chrono::milliseconds(500);  // looks come a little early or late
    const bool due = std::any_of(lanes.begin(), lanes.end(), [&](const Lane& lane) {
        return so_far.elapsed + slack >= lane.next;
    });
    if (!due && !so_far.ended) return;
    const base::Instant begun_at = clock.now();
    const auto moment =
        std::make_shared<telemetry::Moment>(telemetry::Moment{.metrics = so_far.metrics,
                                                              .series = so_far.totals.series,
                                                              .at = clock.wall(),
                                                              .since = since,
                                                              .last = so_far.ended});
    look_cost = clock.now() - begun_at;
    for (auto& lane : lanes) {
        if (!so_far.ended && so_far.elapsed + slack < lane.next) continue;
        lane.next = so_far.elapsed + whole_seconds(lane.output->interval());
        lane.output->offer(moment);
    }
    worker.loop().post_from_any_thread([this] {
        for (auto& lane : lanes) lane.wake->post();
    });
}

/// With thousands of series a second is too short: the load comes before resolution.
base::Nanos Telemetry::State::pace() const {
    base::Nanos cost = look_cost * look_costs;
    for (const auto& lane : lanes) cost += lane.output->cost();
    const double share = base::to_seconds(cost) / base::to_seconds(every);
    const double stretch = std::clamp(std::ceil(share / share_most), 1.0, stretch_most);
    return every * static_cast<std::int64_t>(stretch);
}

engine::Observer Telemetry::observer() {
    std::int64_t seconds = 0;
    for (const auto& lane : state_->lanes) {
        seconds = std::gcd(seconds, whole_seconds(lane.output->interval()).count());
    }
    state_->every = std::chrono::seconds(std::max<std::int64_t>(seconds, 1));
    return {.every = state_->every,
            .look =
                [state = state_.get()](const engine::SoFar& so_far) {
                    if (state->begun) state->look(so_far);
                },
            .series_alone = true,
            .pace = [state = state_.get()] { return state->pace(); }};
}

/// Until all have had their last push, or have had time enough for it.
void Telemetry::State::await_last() {
    const auto done = [](const Lane& lane) { return lane.done; };
    const auto done_or_away = [](const Lane& lane) { return lane.done || !lane.output->well(); };
    std::unique_lock lock(guard);
    if (changed.wait_for(lock, flush_most_away,
                         [&] { return std::all_of(lanes.begin(), lanes.end(), done); })) {
        return;
    }
    changed.wait_for(lock, flush_most - flush_most_away,
                     [&] { return std::all_of(lanes.begin(), lanes.end(), done_or_away); });
}

void Telemetry::State::end_thread() {
    worker.loop().post_from_any_thread([this] {
        for (auto& lane : lanes) lane.fiber->cancel();
    });
    worker.join();
}

std::vector<record::TelemetryDelivery> Telemetry::finish() {
    State& state = *state_;
    if (!std::exchange(state.begun, false)) return {};
    state.worker.loop().post_from_any_thread([&state] {
        state.over = true;
        for (auto& lane : state.lanes) lane.wake->post();
    });
    state.await_last();
    state.end_thread();
    std::vector<record::TelemetryDelivery> deliveries;
    for (const auto& lane : state.lanes) deliveries.push_back(lane.output->delivery());
    return deliveries;
}

}  // namespace weir::app

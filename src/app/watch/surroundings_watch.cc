#include "app/watch/surroundings_watch.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "app/seats.h"
#include "app/watch/metrics_text.h"
#include "base/format.h"
#include "base/url.h"
#include "http/session.h"
#include "rt/baton.h"
#include "rt/fiber.h"

namespace weir::app {
namespace {

constexpr base::Nanos patience = std::chrono::seconds(10);
/// Runs of an hour must not grow without bound: then the interval doubles.
constexpr std::size_t probes_most = 600;

}  // namespace

struct SurroundingsWatch::State {
    explicit State(WatchPlan given) : plan(std::move(given)) {}

    void run();
    void end();
    void watch(const engine::Seat& seat);
    void look(http::Client& client, base::Instant now);
    [[nodiscard]] http::Exchange ask(http::Client& client,
                                     const std::shared_ptr<const base::Url>& url,
                                     base::Instant deadline) const;

    WatchPlan plan;
    std::vector<std::shared_ptr<const base::Url>> urls;  // of plan.probed, then the metrics'
    std::unique_ptr<Seats> seats;
    std::promise<std::string> first_look;  // how the target failed; empty: it is well
    std::atomic<bool> over = false;
    std::atomic<bool> wanted = false;  // what was seen, by somebody: finish() was called
    std::unique_ptr<rt::Baton> wake;
    base::Instant zero{};
    std::vector<record::TargetReading> readings;
    bool looked = false;                   // the first looks are over
    std::string failure;                   // of the target; before the load it ends the looks
    std::string failure_before;            // the same, for the thread that asks
    std::optional<net::Fault> unanswered;  // written before first_look is given
    std::thread thread;
};

http::Exchange SurroundingsWatch::State::ask(http::Client& client,
                                             const std::shared_ptr<const base::Url>& url,
                                             base::Instant deadline) const {
    http::Request request;
    request.url = url;
    request.headers.push_back({"User-Agent", plan.user_agent});
    http::FetchSettings wishes;
    wishes.redirects_max = 0;  // a redirect to a sign-in page is an answer
    wishes.send.deadline = deadline;
    return http::fetch(client, std::move(request), wishes).back().exchange;
}

void SurroundingsWatch::State::look(http::Client& client, base::Instant now) {
    const auto& clock = seats->control_loop().clock();
    for (std::size_t i = 0; i < plan.probed.size(); ++i) {
        auto& probed = plan.probed[i];
        const base::Instant begin = clock.now();
        const auto exchange = ask(client, urls[i], begin + patience);
        const record::Probe probe{.at = begin - zero,
                                  .took = clock.now() - begin,
                                  .status = exchange.answered() ? exchange.status : 0};
        if (!exchange.answered()) probed.last_error = exchange.failure.text;
        probed.probes.push_back(probe);
        if (i == 0 && failure.empty() && !probe.well()) {
            if (!exchange.answered() && !looked) unanswered = exchange.failure.fault;
            failure = exchange.answered()
                          ? base::format("the target is not well: GET {} gave status {}",
                                         probed.url, probe.status)
                          : base::format("the target does not answer: GET {}: {}", probed.url,
                                         exchange.failure.text);
        }
    }
    if (plan.metrics_url.empty()) return;
    const auto exchange = ask(client, urls.back(), clock.now() + patience);
    if (exchange.status != 200) return;
    readings.push_back(read_metrics(exchange.body, now - zero));
}

void SurroundingsWatch::State::watch(const engine::Seat& seat) {
    rt::Loop& loop = *seat.loop;
    const http::ClientSettings settings{.proxies = plan.proxies};
    http::Client client(loop, *seat.dialer, settings);
    zero = loop.clock().now();
    for (int i = 0; i < plan.looks_apart && failure.empty(); ++i) look(client, zero);
    looked = true;
    first_look.set_value(failure);
    base::Nanos interval = plan.interval;
    base::Instant next = loop.clock().now() + interval;
    while (!over) {
        if (wake->wait(next) != rt::Wake::timed_out) break;
        look(client, loop.clock().now());
        if (plan.probed.front().probes.size() % probes_most == 0) interval *= 2;
        next = std::max(next + interval, loop.clock().now());
    }
    for (int i = 0; i < plan.looks_apart && wanted; ++i) look(client, loop.clock().now());
}

void SurroundingsWatch::State::run() {
    const auto seat = seats->control();
    rt::Fiber fiber(*seat.loop, *seat.stacks, rt::io_stack_bytes, [&] { watch(seat); });
    fiber.start();
    while (!fiber.done()) seat.loop->run();
}

void SurroundingsWatch::State::end() {
    if (!thread.joinable()) return;
    over = true;
    seats->control_loop().post_from_any_thread([this] { wake->post(); });
    thread.join();
}

SurroundingsWatch::SurroundingsWatch(std::unique_ptr<State> state) : state_(std::move(state)) {}

SurroundingsWatch::~SurroundingsWatch() {
    state_->end();
}

base::Result<std::unique_ptr<SurroundingsWatch>> SurroundingsWatch::start(WatchPlan plan) {
    auto state = std::make_unique<State>(std::move(plan));
    const auto add = [&state](const std::string& text) -> base::Result<void> {
        TRY(auto url, base::parse_url(text));
        state->urls.push_back(std::make_shared<const base::Url>(std::move(url)));
        return {};
    };
    for (const auto& probed : state->plan.probed) TRY_VOID(add(probed.url));
    if (!state->plan.metrics_url.empty()) TRY_VOID(add(state->plan.metrics_url));
    TRY(state->seats, Seats::make(state->plan.network));
    state->wake = std::make_unique<rt::Baton>(state->seats->control_loop());
    auto looked = state->first_look.get_future();
    state->thread = std::thread([own = state.get()] { own->run(); });
    state->failure_before = looked.get();
    return std::unique_ptr<SurroundingsWatch>(new SurroundingsWatch(std::move(state)));
}

base::Result<void> SurroundingsWatch::target_is_well() const {
    if (state_->failure_before.empty()) return {};
    return base::Error{base::Code::io, state_->failure_before};
}

std::optional<net::Fault> SurroundingsWatch::unanswered() const {
    return state_->unanswered;
}

record::Surroundings SurroundingsWatch::finish(base::Instant run_start) {
    state_->wanted = true;
    state_->end();
    record::Surroundings found;
    found.probed = std::move(state_->plan.probed);
    found.readings = std::move(state_->readings);
    const base::Nanos offset = run_start - state_->zero;
    for (auto& probed : found.probed) {
        for (auto& probe : probed.probes) probe.at -= offset;
    }
    for (auto& reading : found.readings) reading.at -= offset;
    return found;
}

}  // namespace weir::app

#include "journey/host/backlog.h"

#include <algorithm>

#include "base/assert.h"

namespace weir::journey {

TimerId Backlog::add_timer(script::Value callback,
                           std::vector<script::Value> args,
                           base::Nanos delay,
                           bool repeats) {
    delay = std::max(delay, base::Nanos::zero());
    Timer timer{.id = next_id_++,
                .callback = std::move(callback),
                .args = std::move(args),
                .repeat = repeats ? std::optional(delay) : std::nullopt};
    const TimerId id = timer.id;
    timers_.emplace(loop_->clock().now() + delay, std::move(timer));
    return id;
}

void Backlog::clear_timer(TimerId id) {
    const auto found = std::find_if(timers_.begin(), timers_.end(),
                                    [id](const auto& entry) { return entry.second.id == id; });
    if (found != timers_.end()) timers_.erase(found);
}

Backlog::Ticket Backlog::expect(script::Deferred promise) {
    expected_ += 1;
    promises_.emplace(next_ticket_, std::move(promise));
    return next_ticket_++;
}

void Backlog::finish(Ticket ticket, Settle settle) {
    CHECK(expected_ > 0);
    finished_.emplace_back(ticket, std::move(settle));
    news_.post();
}

Backlog::Step Backlog::run_one(script::Isolate& js) {
    if (!finished_.empty()) {
        const auto [ticket, settle] = std::move(finished_.front());
        finished_.erase(finished_.begin());
        expected_ -= 1;
        auto node = promises_.extract(ticket);
        if (!node.empty()) settle(js, node.mapped());
        return {.ran = true};
    }
    if (timers_.empty() || timers_.begin()->first > loop_->clock().now()) return {};
    auto node = timers_.extract(timers_.begin());
    const Timer& timer = node.mapped();
    std::vector<script::Ref> args(timer.args.begin(), timer.args.end());
    const script::Value callback = timer.callback.own(js);
    script::Value result;
    if (timer.repeat) {
        // Back among the timers before it runs, so that it can clear itself.
        node.key() = loop_->clock().now() + *timer.repeat;
        const auto kept = timers_.insert(std::move(node));
        std::vector<script::Value> held;
        for (const script::Value& arg : kept->second.args) held.push_back(arg.own(js));
        args.assign(held.begin(), held.end());
        result = callback.call(js, {}, args);
    } else {
        result = callback.call(js, {}, args);
    }
    return {.ran = true, .threw = result.threw()};
}

bool Backlog::wait(script::Isolate& js) {
    CHECK(!empty());
    const base::Instant due = timers_.empty() ? base::never : timers_.begin()->first;
    const script::Isolate::Parked parked(js);
    return news_.wait(due) != rt::Wake::cancelled;
}

void Backlog::wait_for_expected() {
    while (expected_ > 0) {
        expected_ -= finished_.size();
        finished_.clear();
        if (expected_ > 0 && news_.wait() == rt::Wake::cancelled) return;
    }
}

void Backlog::clear() {
    timers_.clear();
    promises_.clear();
    expected_ -= finished_.size();
    finished_.clear();
}

}  // namespace weir::journey

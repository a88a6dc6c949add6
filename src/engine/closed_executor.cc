#include "engine/closed_executor.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace weir::engine {

ClosedExecutor::ClosedExecutor(ExecutorSeat seat, ClosedPlan plan)
    : Executor(std::move(seat)),
      plan_(std::move(plan)),
      step_timer_(&ClosedExecutor::on_step, this),
      end_timer_(&ClosedExecutor::on_end, this),
      again_timer_(&ClosedExecutor::on_again, this),
      retire_timer_(&ClosedExecutor::on_retire, this) {
    CHECK(!plan_.steps.empty() && plan_.steps.front().at == base::Nanos{});
    std::uint32_t most = 0;
    for (const auto& each : plan_.steps) most = std::max(most, each.users);
    places_.resize(most);
    place_of_.reserve(most);
    again_.reserve(most);
    turn_.reserve(most);
}

ClosedExecutor::~ClosedExecutor() = default;

void ClosedExecutor::start(base::Instant at) {
    if (phase() != Phase::waiting) return;
    enter_starting();
    start_ = at;
    if (places_.empty()) return drain();  // this worker's share is nobody
    loop().arm(end_timer_, at + plan_.duration);
    step();
}

void ClosedExecutor::step() {
    const base::Instant now = loop().now();
    while (next_step_ < plan_.steps.size() && start_ + plan_.steps[next_step_].at <= now) {
        wanted_ = plan_.steps[next_step_++].users;
    }
    if (next_step_ < plan_.steps.size()) {
        loop().arm(step_timer_, start_ + plan_.steps[next_step_].at);
    }
    retire_above_wanted();
    fill_places();
}

void ClosedExecutor::fill_places() {
    std::uint32_t vacant = 0;
    for (std::size_t i = 0; i < wanted_; ++i) {
        places_[i].retire_by = base::never;
        if (places_[i].user == nullptr && !places_[i].spent) vacant += 1;
    }
    for (; vacant > coming_; --vacant) {
        if (journey::User* user = seat().crew->take(*this)) {
            seat_user(*user);
        } else {
            coming_ += 1;
            seat().crew->request(*this);
        }
    }
}

void ClosedExecutor::seat_user(journey::User& user) {
    const auto vacant =
        std::find_if(places_.begin(), places_.begin() + wanted_,
                     [](const Place& place) { return place.user == nullptr && !place.spent; });
    if (vacant == places_.begin() + wanted_) {
        seat().crew->give_back(user);
        return;
    }
    vacant->user = &user;
    place_of_[&user] = static_cast<std::size_t>(vacant - places_.begin());
    next(user);
}

void ClosedExecutor::on_user_ready(journey::User& user) {
    coming_ -= 1;
    if (phase() != Phase::starting) {
        seat().crew->give_back(user);
        return;
    }
    seat_user(user);
}

void ClosedExecutor::on_user_failed() {
    coming_ -= 1;
}

void ClosedExecutor::next(journey::User& user) {
    // In the loop's next turn, so that a script that never waits still leaves room for all others.
    again_.push_back(&user);
    if (!again_timer_.armed()) loop().arm(again_timer_, loop().now());
}

void ClosedExecutor::run_again() {
    turn_.swap(again_);
    for (journey::User* user : turn_) {
        if (phase() == Phase::starting) {
            go_on(*user);
        } else {
            seat().crew->give_back(*user);
        }
    }
    turn_.clear();
    drain_when_spent();
}

void ClosedExecutor::go_on(journey::User& user) {
    const std::size_t index = place_of_.at(&user);
    Place& place = places_[index];
    if (index >= wanted_ || !take_from_budget(place)) {
        leave(index);
        return;
    }
    const std::uint64_t number = seat().scenario->iterations_started.fetch_add(1);
    tally_.offered += 1;
    begin(user, loop().clock().now(), number);
}

bool ClosedExecutor::take_from_budget(Place& place) {
    const auto& budget = plan_.budget;
    if (budget.per_user > 0 && place.iterations >= budget.per_user) place.spent = true;
    if (budget.shared) {
        auto left = budget.shared->load();
        while (left > 0 && !budget.shared->compare_exchange_weak(left, left - 1)) {
        }
        if (left == 0) place.spent = true;
    }
    if (!place.spent) place.iterations += 1;
    return !place.spent;
}

void ClosedExecutor::leave(std::size_t index) {
    Place& place = places_[index];
    place_of_.erase(place.user);
    seat().crew->give_back(*std::exchange(place.user, nullptr));
    place.retire_by = base::never;
}

void ClosedExecutor::drain_when_spent() {
    if (phase() != Phase::starting || coming_ > 0) return;
    const bool all_spent =
        std::all_of(places_.begin(), places_.end(), [](const Place& each) { return each.spent; });
    if (all_spent && !places_.empty()) drain();
}

void ClosedExecutor::on_draining() {
    loop().cancel(step_timer_);
    loop().cancel(end_timer_);
    loop().cancel(retire_timer_);
    loop().cancel(again_timer_);
    for (journey::User* user : std::exchange(again_, {})) seat().crew->give_back(*user);
}

void ClosedExecutor::on_lost(journey::User& user) {
    const auto found = place_of_.find(&user);
    if (found == place_of_.end()) return;
    places_[found->second].user = nullptr;
    places_[found->second].retire_by = base::never;
    place_of_.erase(found);
    if (phase() == Phase::starting) fill_places();
}

void ClosedExecutor::retire_above_wanted() {
    const base::Instant by = loop().now() + plan_.graceful_ramp_down;
    for (std::size_t i = wanted_; i < places_.size(); ++i) {
        if (places_[i].user != nullptr && places_[i].retire_by == base::never) {
            places_[i].retire_by = by;
        }
    }
    arm_retirement();
}

void ClosedExecutor::arm_retirement() {
    base::Instant first = base::never;
    for (const auto& place : places_) first = std::min(first, place.retire_by);
    if (first != base::never) loop().arm(retire_timer_, first);
}

void ClosedExecutor::drop_what_is_left() {
    const auto& budget = plan_.budget;
    std::uint64_t left = budget.shared ? budget.shared->exchange(0) : 0;
    if (budget.per_user > 0) {
        for (const auto& place : places_) left += budget.per_user - place.iterations;
    }
    tally_.offered += left;
    drop(left);
}

void ClosedExecutor::on_step(void* self) {
    static_cast<ClosedExecutor*>(self)->step();
}

void ClosedExecutor::on_end(void* self) {
    auto* executor = static_cast<ClosedExecutor*>(self);
    executor->drop_what_is_left();
    executor->drain();
}

void ClosedExecutor::on_again(void* self) {
    static_cast<ClosedExecutor*>(self)->run_again();
}

void ClosedExecutor::on_retire(void* self) {
    auto* executor = static_cast<ClosedExecutor*>(self);
    const base::Instant now = executor->loop().now();
    for (auto& place : executor->places_) {
        if (place.retire_by > now) continue;
        place.retire_by = base::never;
        if (place.user != nullptr && !place.user->idle()) place.user->cancel();
    }
    executor->arm_retirement();
}

}  // namespace weir::engine

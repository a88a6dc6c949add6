#include "engine/open_executor.h"

#include <utility>

#include "base/assert.h"

namespace weir::engine {

OpenExecutor::OpenExecutor(ExecutorSeat seat, OpenPlan plan)
    : Executor(std::move(seat)),
      plan_(std::move(plan)),
      due_timer_(&OpenExecutor::on_due, this),
      end_timer_(&OpenExecutor::on_end, this) {
    CHECK(plan_.users_ready <= plan_.users_max);
}

OpenExecutor::~OpenExecutor() = default;

void OpenExecutor::start(base::Instant at) {
    if (phase() != Phase::waiting) return;
    enter_starting();
    start_ = at;
    for (; held_ < plan_.users_ready; ++held_) {
        if (journey::User* user = seat().crew->take(*this)) {
            idle_.push_back(user);
        } else {
            coming_ += 1;
            seat().crew->request(*this);
        }
    }
    loop().arm(end_timer_, at + plan_.duration);
    pace();
}

void OpenExecutor::pace() {
    // One now for the whole turn: what is due at it begins in it, in order.
    const base::Instant now = loop().now();
    while (true) {
        if (next_.at == base::never) {
            const std::uint64_t index = plan_.arrivals.next_index();
            const auto due = plan_.arrivals.next();
            if (!due) return;
            next_ = {.at = start_ + *due, .index = index};
        }
        if (next_.at > now) break;
        tally_.offered += 1;
        dispatch(std::exchange(next_, {}));
    }
    loop().arm(due_timer_, next_.at);
}

void OpenExecutor::dispatch(const Due& due) {
    if (!idle_.empty()) {
        journey::User* user = idle_.back();
        idle_.pop_back();
        begin(*user, due.at, due.index);
        return;
    }
    if (waiting_.size() < coming_) {
        waiting_.push_back(due);
        return;
    }
    if (held_ < plan_.users_max) {
        held_ += 1;
        if (journey::User* user = seat().crew->take(*this)) {
            begin(*user, due.at, due.index);
            return;
        }
        coming_ += 1;
        waiting_.push_back(due);
        seat().crew->request(*this);
        return;
    }
    drop(1);
}

void OpenExecutor::next(journey::User& user) {
    if (waiting_.empty()) {
        idle_.push_back(&user);
        return;
    }
    const Due due = waiting_.front();
    waiting_.pop_front();
    tally_.waited_for_user += 1;
    begin(user, due.at, due.index);
}

void OpenExecutor::on_user_ready(journey::User& user) {
    coming_ -= 1;
    if (phase() == Phase::starting) {
        next(user);
    } else {
        seat().crew->give_back(user);
    }
}

void OpenExecutor::on_user_failed() {
    coming_ -= 1;
    held_ -= 1;
    if (waiting_.size() > coming_) {
        waiting_.pop_back();
        drop(1);
    }
}

void OpenExecutor::on_draining() {
    loop().cancel(due_timer_);
    loop().cancel(end_timer_);
    drop(waiting_.size());
    waiting_.clear();
    for (journey::User* user : std::exchange(idle_, {})) seat().crew->give_back(*user);
}

void OpenExecutor::on_lost(journey::User& /*user*/) {
    held_ -= 1;
}

void OpenExecutor::on_due(void* self) {
    static_cast<OpenExecutor*>(self)->pace();
}

void OpenExecutor::on_end(void* self) {
    auto* executor = static_cast<OpenExecutor*>(self);
    executor
        ->pace();  // what was due before the end and not handed out yet, should the loop be late
    executor->drain();
}

}  // namespace weir::engine

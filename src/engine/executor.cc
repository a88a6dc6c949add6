#include "engine/executor.h"

#include <utility>

#include "base/assert.h"
#include "meter/registry.h"

namespace weir::engine {

Tally& Tally::operator+=(const Tally& other) noexcept {
    offered += other.offered;
    started += other.started;
    completed += other.completed;
    threw += other.threw;
    interrupted += other.interrupted;
    late += other.late;
    dropped += other.dropped;
    waited_for_user += other.waited_for_user;
    return *this;
}

Executor::Executor(ExecutorSeat seat)
    : seat_(std::move(seat)), graceful_timer_(&Executor::on_graceful_stop_over, this) {}

Executor::~Executor() {
    CHECK(running_ == 0);
}

void Executor::begin(journey::User& user, base::Instant due, std::uint64_t index) {
    CHECK(phase_ == Phase::starting);
    tally_.started += 1;
    const base::Instant now = loop().clock().now();
    if (now - due > late_limit) tally_.late += 1;
    seat_.recorder->note_iteration_start(now);
    running_ += 1;
    user.begin({.scenario = seat_.scenario, .due = due, .index_in_scenario = index});
}

void Executor::on_iteration_end(journey::User& user, journey::IterationOutcome outcome) {
    running_ -= 1;
    if (outcome == journey::IterationOutcome::interrupted) {
        tally_.interrupted += 1;
        on_lost(user);
    } else {
        tally_.completed += 1;
        if (outcome == journey::IterationOutcome::threw) tally_.threw += 1;
        if (phase_ == Phase::starting) {
            next(user);
        } else {
            seat_.crew->give_back(user);
        }
    }
    finish_if_empty();
}

void Executor::drop(std::uint64_t count) {
    if (count == 0) return;
    tally_.dropped += count;
    seat_.recorder->add(meter::id_of(meter::Builtin::dropped_iterations), seat_.scenario_tags,
                        static_cast<double>(count), loop().now());
}

void Executor::drain() {
    if (phase_ != Phase::starting && phase_ != Phase::waiting) return;
    phase_ = Phase::draining;
    on_draining();
    if (running_ > 0) loop().arm(graceful_timer_, loop().now() + seat_.graceful_stop);
    finish_if_empty();
}

void Executor::abort() {
    drain();
    cancel_running();
}

void Executor::cancel_running() {
    if (running_ > 0) seat_.crew->cancel_busy(*this);
}

void Executor::on_graceful_stop_over(void* self) {
    static_cast<Executor*>(self)->cancel_running();
}

void Executor::finish_if_empty() {
    if (phase_ != Phase::draining || running_ > 0) return;
    phase_ = Phase::finished;
    loop().cancel(graceful_timer_);
    if (seat_.on_finished) loop().post(std::exchange(seat_.on_finished, nullptr));
}

}  // namespace weir::engine

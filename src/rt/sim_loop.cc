#include "rt/sim_loop.h"

#include <algorithm>

#include "base/assert.h"

namespace weir::rt {

base::WallTime SimClock::wall() const noexcept {
    constexpr base::WallTime new_year{std::chrono::sys_days(std::chrono::January / 1 / 2024)};
    return new_year + (now_.time_since_epoch() - std::chrono::seconds(1));
}

void SimClock::advance(base::Nanos by) {
    CHECK(by >= base::Nanos::zero());
    now_ += by;
}

void SimClock::advance_to(base::Instant to) {
    now_ = std::max(now_, to);
}

void SimLoop::turn() {
    const base::Instant began = clock_.now();
    const base::Instant due = agenda_.timers.next_due();
    now_ = began;
    if (due < began) note_wait(began - due);
    agenda_.run_present();
    agenda_.timers.fire(now_);
    clock_.advance(turn_cost_);
    const base::Nanos took = clock_.now() - began;
    health_.turns += 1;
    health_.busy += took;
    if (!agenda_.empty()) note_wait(took);
}

void SimLoop::note_wait(base::Nanos wait) {
    health_.stall_max = std::max(health_.stall_max, wait);
    if (wait > stall_limit) health_.stalls += 1;
}

void SimLoop::run_until(base::Instant until) {
    CHECK(!running_ && current() == nullptr);
    running_ = true;
    stopped_ = false;
    while (!stopped_) {
        if (agenda_.empty()) {
            const base::Instant due = agenda_.timers.next_due();
            if (due == base::never || due > until) break;
            clock_.advance_to(due);
        }
        turn();
    }
    running_ = false;
    if (!stopped_ && until != base::never) clock_.advance_to(until);
}

}  // namespace weir::rt

#include "rt/baton.h"

#include <exception>
#include <utility>

#include "base/assert.h"
#include "rt/fiber.h"

namespace weir::rt {

Baton::Baton(Loop& loop) noexcept : loop_(&loop), timer_(&Baton::on_timeout, this) {}

Wake Baton::wait(base::Instant deadline) {
    Fiber* const me = loop_->current();
    if (me != nullptr && me->cancelled()) return Wake::cancelled;
    if (std::exchange(posted_, false)) return Wake::posted;
    if (deadline <= loop_->now()) return Wake::timed_out;

    CHECK(me != nullptr && waiter_ == nullptr);
    // The C++ runtime keeps caught and flying exceptions per thread, not per fiber.
    CHECK(std::uncaught_exceptions() == 0 && std::current_exception() == nullptr);

    waiter_ = me;
    me->waiting_on_ = this;
    timed_out_ = false;
    loop_->arm(timer_, deadline);
    me->park();
    loop_->cancel(timer_);

    if (me->cancelled()) return Wake::cancelled;
    if (std::exchange(posted_, false))
        return Wake::posted;  // also when the deadline passed as well
    CHECK(timed_out_);
    return Wake::timed_out;
}

void Baton::post() {
    posted_ = true;
    wake();
}

void Baton::wake() {
    if (waiter_ == nullptr) return;  // nobody waits, or the waiter was woken and has not run yet
    waiter_->waiting_on_ = nullptr;
    loop_->make_ready(*std::exchange(waiter_, nullptr));
}

void Baton::on_timeout(void* self) {
    auto* const baton = static_cast<Baton*>(self);
    baton->timed_out_ = true;
    baton->wake();
}

bool sleep_until(Loop& loop, base::Instant until) {
    Baton nobody_posts(loop);
    return nobody_posts.wait(until) != Wake::cancelled;
}

}  // namespace weir::rt

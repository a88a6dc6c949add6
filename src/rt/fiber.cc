#include "rt/fiber.h"

#include <utility>

#include <boost/context/detail/fcontext.hpp>

#include "base/assert.h"
#include "rt/baton.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define WEIR_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define WEIR_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define WEIR_TSAN 1
#endif

#if defined(WEIR_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(WEIR_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace weir::rt {

namespace fcontext = boost::context::detail;

/// Raw fcontext knows nothing of sanitizers (Boost annotates only its ucontext backend), so each
/// switch tells them here: leave() before the jump, arrive() after it.
struct Fiber::Switch {
    fcontext::fcontext_t fiber_context = nullptr;
    fcontext::fcontext_t loop_context = nullptr;

    static void entry(fcontext::transfer_t from) noexcept;

#if defined(WEIR_ASAN)
    const void* loop_bottom = nullptr;
    std::size_t loop_size = 0;
    void* loop_fake_stack = nullptr;
    void* fiber_fake_stack = nullptr;

    void leave_loop(const Stack& stack) {
        __sanitizer_start_switch_fiber(&loop_fake_stack, stack.bottom(), stack.size());
    }
    void arrive_in_loop() {
        __sanitizer_finish_switch_fiber(loop_fake_stack, nullptr, nullptr);
    }
    void leave_fiber() {
        __sanitizer_start_switch_fiber(&fiber_fake_stack, loop_bottom, loop_size);
    }
    void leave_fiber_for_good() {  // null: the fake stack dies with the fiber
        __sanitizer_start_switch_fiber(nullptr, loop_bottom, loop_size);
    }
    void arrive_in_fiber() {
        __sanitizer_finish_switch_fiber(fiber_fake_stack, &loop_bottom, &loop_size);
    }
#elif defined(WEIR_TSAN)
    void* tsan_fiber = __tsan_create_fiber(0);
    void* tsan_loop = nullptr;

    ~Switch() {
        __tsan_destroy_fiber(tsan_fiber);
    }
    void leave_loop(const Stack& /*stack*/) {
        tsan_loop = __tsan_get_current_fiber();
        __tsan_switch_to_fiber(tsan_fiber, 0);
    }
    void arrive_in_loop() {}
    void leave_fiber() {
        __tsan_switch_to_fiber(tsan_loop, 0);
    }
    void leave_fiber_for_good() {
        leave_fiber();
    }
    void arrive_in_fiber() {}
#else
    void leave_loop(const Stack& /*stack*/) {}
    void arrive_in_loop() {}
    void leave_fiber() {}
    void leave_fiber_for_good() {}
    void arrive_in_fiber() {}
#endif
};

namespace {

#if defined(WEIR_ASAN) || defined(WEIR_TSAN)
constexpr std::size_t stack_factor = 4;  // instrumented frames are larger
#else
constexpr std::size_t stack_factor = 1;
#endif

}  // namespace

void Fiber::Switch::entry(fcontext::transfer_t from) noexcept {
    auto* const self = static_cast<Fiber*>(from.data);
    Switch& here = *self->switch_;
    here.loop_context = from.fctx;
    here.arrive_in_fiber();
    self->body_();
    self->done_ = true;
    here.leave_fiber_for_good();
    fcontext::jump_fcontext(here.loop_context, nullptr);
    __builtin_unreachable();  // resume() CHECKs that a finished fiber is not resumed
}

Fiber::Fiber(Loop& loop, StackPool& stacks, std::size_t stack_bytes, Body body)
    : loop_(&loop),
      stack_(stacks.take(stack_bytes * stack_factor)),
      stacks_(&stacks),
      body_(std::move(body)),
      switch_(std::make_unique<Switch>()) {
    switch_->fiber_context = fcontext::make_fcontext(stack_.top(), stack_.size(), &Switch::entry);
}

Fiber::~Fiber() {
    // A parked fiber may hold C frames: cancel it and let it finish. One that never began holds
    // none.
    CHECK(done_ || !started_);
    stacks_->give_back(std::move(stack_));
}

void Fiber::start() {
    CHECK(!started_);
    started_ = true;
    loop_->make_ready(*this);
}

void Fiber::cancel() {
    if (cancelled_ || done_) return;
    cancelled_ = true;
    if (waiting_on_ != nullptr) waiting_on_->wake();
}

void Fiber::resume() {
    CHECK(loop_->current_ == nullptr && started_ && !done_);
    Switch& other = *switch_;
    loop_->current_ = this;
    other.leave_loop(stack_);
    other.fiber_context = fcontext::jump_fcontext(other.fiber_context, this).fctx;
    other.arrive_in_loop();
    loop_->current_ = nullptr;
    if (done_) finish();
}

void Fiber::finish() {
    body_ = nullptr;
    stacks_->give_back(std::exchange(stack_, Stack()));
    if (on_done_) std::exchange(on_done_, nullptr)();  // may destroy *this: touch nothing after it
}

void Fiber::park() {
    CHECK(loop_->current_ == this);
    Switch& here = *switch_;
    here.leave_fiber();
    here.loop_context = fcontext::jump_fcontext(here.loop_context, nullptr).fctx;
    here.arrive_in_fiber();
}

}  // namespace weir::rt

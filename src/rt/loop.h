// Loop: one thread's turn-taking: ready fibers, then timers that are due, then waiting for I/O.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/time.h"
#include "rt/clock.h"

namespace weir::rt {

class Fiber;

/// What a loop did to the work it carried: the generator's own part in a run's lateness.
struct LoopHealth {
    base::Nanos
        stall_max{};  // longest time that ready work or a due timer had to wait for its turn
    std::uint64_t stalls = 0;  // waits over stall_limit
    std::uint64_t turns = 0;
    base::Nanos busy{};  // time spent in turns, not waiting for I/O
};
inline constexpr base::Nanos stall_limit = std::chrono::milliseconds(10);

/// A timer that has not fired. Intrusive: owned by whoever waits, so arming one allocates nothing.
/// Must be idle (fired or cancelled) when destroyed; the destructor cancels it.
class Timer {
public:
    using Callback = void (*)(void* context);
    Timer(Callback callback, void* context) noexcept : callback_(callback), context_(context) {}
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    [[nodiscard]] bool armed() const noexcept { return owner_ != nullptr; }
    [[nodiscard]] base::Instant due() const noexcept { return due_; }

private:
    friend class TimerQueue;
    Callback callback_;
    void* context_;
    base::Instant due_{};
    std::size_t slot_ = 0;  // place in the owner's heap or wheel
    class TimerQueue* owner_ = nullptr;
    std::uint64_t order_ = 0;  // equal due times fire in the order they were armed
};

/// Not thread-safe but for wake_from_any_thread(). Implementations: EpollLoop (rt/epoll_loop.h) and
/// SimLoop (rt/sim_loop.h: virtual time that jumps to the next timer; deterministic).
class Loop {
public:
    virtual ~Loop() = default;

    [[nodiscard]] virtual const Clock& clock() const noexcept = 0;
    /// The instant this turn began: decisions in one turn agree on it.
    [[nodiscard]] virtual base::Instant now() const noexcept = 0;

    /// Makes a parked fiber ready; it resumes in this or the next turn, in order of readiness.
    virtual void make_ready(Fiber& fiber) = 0;
    /// Runs `task` on the loop's own stack in a later turn. Not for the hot path.
    virtual void post(std::function<void()> task) = 0;

    virtual void arm(Timer& timer, base::Instant due) = 0;  // re-arms if armed; never = no timer
    virtual void cancel(Timer& timer) noexcept = 0;

    /// Turns until stop() was called or there is nothing left to wait for.
    virtual void run() = 0;
    virtual void stop() noexcept = 0;
    /// The one call that other threads may make: `task` runs on this loop soon.
    virtual void post_from_any_thread(std::function<void()> task) = 0;

    /// Since the loop was made.
    [[nodiscard]] virtual LoopHealth health() const noexcept { return {}; }

    /// The fiber that runs now, or null on the loop's own stack.
    [[nodiscard]] Fiber* current() const noexcept { return current_; }

    /// Memory for whoever runs now, until it parks; then it is the next one's. One buffer for all
    /// stays in the cache, where one a fiber would not.
    static constexpr std::size_t scratch_bytes = 16UL * 1024;
    [[nodiscard]] std::span<std::byte, scratch_bytes> scratch() {
        if (scratch_ == nullptr)
            scratch_ = std::make_unique<std::array<std::byte, scratch_bytes>>();
        return *scratch_;
    }

protected:
    friend class Fiber;
    Fiber* current_ = nullptr;

private:
    std::unique_ptr<std::array<std::byte, scratch_bytes>> scratch_;
};

}  // namespace weir::rt

// Agenda: what one loop has to do: posted tasks, ready fibers and timers, each in a stable order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/time.h"
#include "rt/loop.h"

namespace weir::rt {

/// A four-ary heap of armed timers. Equal due times fire in the order they were armed.
/// Deadlines are mostly armed far ahead and cancelled early, which costs O(1) near the leaves.
class TimerQueue {
public:
    TimerQueue() = default;
    ~TimerQueue();  // disarms what is left, so that late timers do not point here
    TimerQueue(const TimerQueue&) = delete;
    TimerQueue& operator=(const TimerQueue&) = delete;

    void arm(Timer& timer, base::Instant due);
    void cancel(Timer& timer) noexcept;
    /// Fires what is due at `now` and was armed before this call, earliest first.
    void fire(base::Instant now);

    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
    /// base::never when empty.
    [[nodiscard]] base::Instant next_due() const noexcept {
        return heap_.empty() ? base::never : heap_.front().due;
    }

private:
    struct Entry {  // the key beside the pointer: sifting does not touch the timers themselves
        base::Instant due;
        std::uint64_t order;
        Timer* timer;
    };
    [[nodiscard]] static bool before(const Entry& a, const Entry& b) noexcept {
        return a.due != b.due ? a.due < b.due : a.order < b.order;
    }
    void place(std::size_t slot, const Entry& entry) noexcept;
    void sift_up(std::size_t slot, Entry entry) noexcept;
    void sift_down(std::size_t slot, Entry entry) noexcept;

    std::vector<Entry> heap_;
    std::uint64_t next_order_ = 0;
};

/// Not thread-safe.
class Agenda {
public:
    void add(Fiber& fiber);
    void add(std::function<void()> task) { tasks_.push_back(std::move(task)); }
    /// Runs the tasks, then resumes the fibers, that were there when it was called.
    void run_present();
    [[nodiscard]] bool empty() const noexcept { return tasks_.empty() && first_ == nullptr; }

    TimerQueue timers;

private:
    std::vector<std::function<void()>> tasks_;
    std::vector<std::function<void()>> running_;  // kept for its capacity
    Fiber* first_ = nullptr;
    Fiber* last_ = nullptr;
};

}  // namespace weir::rt

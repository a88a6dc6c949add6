#include "rt/agenda.h"

#include <utility>

#include "base/assert.h"
#include "rt/fiber.h"

namespace weir::rt {
namespace {

constexpr std::size_t arity = 4;

}  // namespace

Timer::~Timer() {
    if (owner_ != nullptr) owner_->cancel(*this);
}

TimerQueue::~TimerQueue() {
    for (const Entry& entry : heap_) entry.timer->owner_ = nullptr;
}

void TimerQueue::place(std::size_t slot, const Entry& entry) noexcept {
    heap_[slot] = entry;
    entry.timer->slot_ = slot;
}

void TimerQueue::sift_up(std::size_t slot, Entry entry) noexcept {
    while (slot > 0) {
        const std::size_t parent = (slot - 1) / arity;
        if (!before(entry, heap_[parent])) break;
        place(slot, heap_[parent]);
        slot = parent;
    }
    place(slot, entry);
}

void TimerQueue::sift_down(std::size_t slot, Entry entry) noexcept {
    while (slot * arity + 1 < heap_.size()) {
        std::size_t least = slot * arity + 1;
        const std::size_t end = std::min(least + arity, heap_.size());
        for (std::size_t child = least + 1; child < end; ++child) {
            if (before(heap_[child], heap_[least])) least = child;
        }
        if (!before(heap_[least], entry)) break;
        place(slot, heap_[least]);
        slot = least;
    }
    place(slot, entry);
}

void TimerQueue::arm(Timer& timer, base::Instant due) {
    if (timer.owner_ != nullptr) timer.owner_->cancel(timer);
    if (due == base::never) return;
    timer.owner_ = this;
    timer.due_ = due;
    timer.order_ = next_order_++;
    const Entry entry{due, timer.order_, &timer};
    heap_.push_back(entry);
    sift_up(heap_.size() - 1, entry);
}

void TimerQueue::cancel(Timer& timer) noexcept {
    if (timer.owner_ == nullptr) return;
    CHECK(timer.owner_ == this);
    const std::size_t slot = timer.slot_;
    timer.owner_ = nullptr;
    const Entry last = heap_.back();
    heap_.pop_back();
    if (slot == heap_.size()) return;
    if (slot > 0 && before(last, heap_[(slot - 1) / arity])) {
        sift_up(slot, last);
    } else {
        sift_down(slot, last);
    }
}

void TimerQueue::fire(base::Instant now) {
    // A callback may arm a timer that is already due: it fires in the next turn, so that a turn
    // ends.
    const std::uint64_t armed_later = next_order_;
    while (!heap_.empty()) {
        const Entry first = heap_.front();
        if (first.due > now || first.order >= armed_later) return;
        cancel(*first.timer);
        first.timer->callback_(first.timer->context_);
    }
}

void Agenda::add(Fiber& fiber) {
    CHECK(!fiber.ready_);
    fiber.ready_ = true;
    fiber.next_ready_ = nullptr;
    if (last_ == nullptr) {
        first_ = &fiber;
    } else {
        last_->next_ready_ = &fiber;
    }
    last_ = &fiber;
}

void Agenda::run_present() {
    running_.swap(tasks_);
    for (auto& task : running_) task();
    running_.clear();

    Fiber* each = std::exchange(first_, nullptr);
    last_ = nullptr;
    while (each != nullptr) {
        Fiber* const next = std::exchange(each->next_ready_, nullptr);
        each->ready_ = false;
        each->resume();  // may destroy the fiber
        each = next;
    }
}

}  // namespace weir::rt

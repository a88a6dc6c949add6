#include "rt/epoll_loop.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"

namespace weir::rt {
namespace {

constexpr std::size_t events_per_poll = 512;
/// A chain of fibers that wake each other does not pay a system call for each link.
constexpr unsigned turns_without_poll_max = 8;
/// After a turn this long, work may have waited in the kernel: look before sleeping.
constexpr base::Nanos long_turn = std::chrono::milliseconds(1);
constexpr base::Nanos wait_max = std::chrono::hours(1);

timespec to_timespec(base::Nanos wait) noexcept {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
    return {.tv_sec = seconds.count(), .tv_nsec = (wait - seconds).count()};
}

int epoll_pwait2_call(int epoll, std::span<epoll_event> into, const timespec& wait) noexcept {
#if defined(SYS_epoll_pwait2)
    return static_cast<int>(
        syscall(SYS_epoll_pwait2, epoll, into.data(), into.size(), &wait, nullptr, std::size_t{0}));
#else
    errno = ENOSYS;
    return -1;
#endif
}

}  // namespace

bool Watch::add(int fd) noexcept {
    CHECK(fd_ < 0);
    return control(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

bool Watch::add_level_triggered(int fd, std::uint32_t wanted) noexcept {
    CHECK(fd_ < 0 || fd_ == fd);
    return control(fd, wanted);
}

bool Watch::control(int fd, std::uint32_t events) noexcept {
    epoll_event wanted{};
    wanted.events = events;
    wanted.data.ptr = this;
    const int operation = fd_ < 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(loop_->epoll_, operation, fd, &wanted) != 0) return false;
    fd_ = fd;
    return true;
}

void Watch::remove() noexcept {
    if (fd_ < 0) return;
    // Fails only when the descriptor was closed before, which also ended the watch.
    static_cast<void>(epoll_ctl(loop_->epoll_, EPOLL_CTL_DEL, fd_, nullptr));
    fd_ = -1;
    // An event for this watch may be in the batch that is being dispatched right now.
    for (std::size_t i = loop_->events_left_from_; i < loop_->events_count_; ++i) {
        if (loop_->events_[i].data.ptr == this) loop_->events_[i].data.ptr = nullptr;
    }
}

Readiness::Readiness(EpollLoop& loop) noexcept
    : loop_(&loop), watch_(loop, &Readiness::on_events, this), baton_(loop) {}

void Readiness::on_events(void* self, std::uint32_t events) {
    auto* const here = static_cast<Readiness*>(self);
    if ((events & (EPOLLHUP | EPOLLERR)) != 0) here->broken_ = true;
    if (here->broken_ || (events & EPOLLRDHUP) != 0) here->ended_ = true;
    if (here->ended_ || (events & EPOLLIN) != 0) here->readable_ = true;
    if (here->broken_ || (events & EPOLLOUT) != 0) here->writable_ = true;
    here->baton_.post();
}

Wake Readiness::wait(const bool& flag, base::Instant deadline) {
    while (!flag) {
        baton_.reset();  // posts from before this wait are in the flags already
        loop_->parked_on_io_ += 1;
        const Wake wake = baton_.wait(deadline);
        loop_->parked_on_io_ -= 1;
        if (wake != Wake::posted && !flag) return wake;
        if (wake == Wake::cancelled) return wake;
    }
    return Wake::posted;
}

Wake Readiness::wait_readable(base::Instant deadline) {
    return wait(readable_, deadline);
}

Wake Readiness::wait_writable(base::Instant deadline) {
    return wait(writable_, deadline);
}

EpollLoop::EpollLoop()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wakeup_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      events_(events_per_poll),
      wakeup_watch_(
          *this,
          [](void* self, std::uint32_t) { static_cast<EpollLoop*>(self)->take_foreign_tasks(); },
          this) {
    CHECK(epoll_ >= 0 && wakeup_ >= 0);
    CHECK(wakeup_watch_.add(wakeup_));
}

EpollLoop::~EpollLoop() {
    wakeup_watch_.remove();
    close(wakeup_);
    close(epoll_);
}

void EpollLoop::post_from_any_thread(std::function<void()> task) {
    {
        const std::lock_guard lock(foreign_mutex_);
        foreign_.push_back(std::move(task));
    }
    if (wakeup_sent_.exchange(true)) return;  // the loop has not looked since the last time
    const std::uint64_t one = 1;
    CHECK(write(wakeup_, &one, sizeof one) == sizeof one);
}

void EpollLoop::take_foreign_tasks() {
    // Edge-triggered: the counter need not be read, each write is an edge of its own.
    wakeup_sent_.store(false);
    std::vector<std::function<void()>> taken;
    {
        const std::lock_guard lock(foreign_mutex_);
        taken.swap(foreign_);
    }
    for (auto& task : taken) agenda_.add(std::move(task));
}

bool EpollLoop::anything_left() const noexcept {
    return held_ || parked_on_io_ > 0 || !agenda_.empty() || !agenda_.timers.empty();
}

void EpollLoop::run() {
    CHECK(!running_ && current() == nullptr);
    // The default slack lets the kernel fire a timer 50 us late; arrivals are to be on time.
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    now_ = turn_began_ = clock_.now();
    running_ = true;
    stopped_ = false;
    while (!stopped_ && anything_left()) turn();
    running_ = false;
}

void EpollLoop::turn() {
    agenda_.run_present();
    agenda_.timers.fire(now_);
    health_.turns += 1;
    turns_since_poll_ += 1;
    if (stopped_) return;
    if (agenda_.empty() || turns_since_poll_ >= turns_without_poll_max) {
        poll();
        turns_since_poll_ = 0;
    } else {
        now_ = clock_.now();
    }
}

void EpollLoop::note_wait(base::Nanos wait) noexcept {
    health_.stall_max = std::max(health_.stall_max, wait);
    if (wait > stall_limit) health_.stalls += 1;
}

void EpollLoop::poll() {
    const base::Instant before = clock_.now();
    const base::Nanos busy = before - turn_began_;
    health_.busy += busy;

    const base::Instant due = agenda_.timers.next_due();
    const bool ready = !agenda_.empty();
    base::Nanos limit = wait_max;
    if (ready || !anything_left()) {
        limit = base::Nanos::zero();
    } else if (due != base::never) {
        limit = std::clamp(due - before, base::Nanos::zero(), wait_max);
    }
    int count = 0;
    if (busy > long_turn && limit > base::Nanos::zero()) {
        count = wait_for_events(base::Nanos::zero());
        if (count > 0) note_wait(busy);
    } else if (busy > long_turn && ready) {
        note_wait(busy);
    }
    if (count == 0) count = wait_for_events(limit);
    now_ = turn_began_ = clock_.now();
    if (due < now_) note_wait(now_ - due);
    dispatch(std::span<const epoll_event>(events_).first(static_cast<std::size_t>(count)));
}

int EpollLoop::wait_for_events(base::Nanos limit) {
    const timespec wait = to_timespec(limit);
    if (has_pwait2_) {
        const int count = epoll_pwait2_call(epoll_, events_, wait);
        if (count >= 0) return count;
        // Kernels before 5.11 do not have it, and some container sandboxes refuse it.
        has_pwait2_ = errno == EINTR;
        if (has_pwait2_) return 0;
    }
    pollfd one{.fd = epoll_, .events = POLLIN, .revents = 0};
    if (limit > base::Nanos::zero() && ppoll(&one, 1, &wait, nullptr) <= 0) return 0;
    const int count = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), 0);
    CHECK(count >= 0 || errno == EINTR);
    return std::max(count, 0);
}

void EpollLoop::dispatch(std::span<const epoll_event> events) {
    events_count_ = events.size();
    for (std::size_t i = 0; i < events.size(); ++i) {
        events_left_from_ = i + 1;
        auto* const watch = static_cast<Watch*>(events[i].data.ptr);
        if (watch != nullptr) watch->callback_(watch->context_, events[i].events);
    }
    events_left_from_ = events_count_ = 0;
}

}  // namespace weir::rt

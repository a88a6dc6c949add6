// EpollLoop: a loop over Linux epoll with timers to the nanosecond. One thread, nothing in it
// blocks.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "base/time.h"
#include "rt/agenda.h"
#include "rt/baton.h"
#include "rt/loop.h"

struct epoll_event;

namespace weir::rt {

class EpollLoop;

/// A descriptor that the loop watches. Edge-triggered and registered once for both directions, so a
/// busy connection costs no epoll_ctl. `events` are EPOLL* bits. The callback runs on the loop's
/// stack between turns: it notes what happened and posts, it runs no work of its own.
class Watch {
public:
    using Callback = void (*)(void* context, std::uint32_t events);
    Watch(EpollLoop& loop, Callback callback, void* context) noexcept
        : loop_(&loop), callback_(callback), context_(context) {}
    ~Watch() { remove(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Begins to watch; reports at once what is already there. False with errno when the kernel
    /// refuses (out of memory or watches). The watch does not own the descriptor.
    [[nodiscard]] bool add(int fd) noexcept;
    /// For descriptors of libraries that do not read until empty: reported again and again while
    /// one of `wanted` (EPOLLIN, EPOLLOUT) holds. Call again to change what is wanted.
    [[nodiscard]] bool add_level_triggered(int fd, std::uint32_t wanted) noexcept;
    /// Before the descriptor is closed. Idempotent.
    void remove() noexcept;

private:
    friend class EpollLoop;
    [[nodiscard]] bool control(int fd, std::uint32_t events) noexcept;

    EpollLoop* loop_;
    Callback callback_;
    void* context_;
    int fd_ = -1;
};

/// What a socket is ready for, as far as the loop knows, and the place to wait for more.
class Readiness {
public:
    explicit Readiness(EpollLoop& loop) noexcept;

    [[nodiscard]] bool add(int fd) noexcept { return watch_.add(fd); }
    void remove() noexcept { watch_.remove(); }

    /// Parks until there may be something to read (bytes, end or error): at once if so.
    [[nodiscard]] Wake wait_readable(base::Instant deadline);
    [[nodiscard]] Wake wait_writable(base::Instant deadline);
    [[nodiscard]] bool readable() const noexcept { return readable_; }
    [[nodiscard]] bool writable() const noexcept { return writable_; }
    /// The peer has ended or broken the connection: the last bytes may still be there.
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    /// The kernel's buffer was emptied: nothing to read until the next edge. After the peer's end
    /// there is none, so then it stays readable.
    void drained() noexcept { readable_ = ended_; }
    /// The kernel's buffer is full: no writing until the next edge. A broken connection has none.
    void filled() noexcept { writable_ = broken_; }

private:
    static void on_events(void* self, std::uint32_t events);
    [[nodiscard]] Wake wait(const bool& flag, base::Instant deadline);

    EpollLoop* loop_;
    Watch watch_;
    Baton baton_;
    bool readable_ = false;
    bool writable_ = false;
    bool ended_ = false;   // nothing more will come
    bool broken_ = false;  // nothing can be sent either
};

/// A turn runs tasks, ready fibers and due timers, then asks the kernel: with no time-out while
/// something is ready, and not at all in the first few such turns.
class EpollLoop final : public Loop {
public:
    EpollLoop();  // CHECKs that the kernel gives it an epoll and an event descriptor
    ~EpollLoop() override;
    EpollLoop(const EpollLoop&) = delete;
    EpollLoop& operator=(const EpollLoop&) = delete;

    [[nodiscard]] const Clock& clock() const noexcept override { return clock_; }
    [[nodiscard]] base::Instant now() const noexcept override {
        return running_ ? now_ : clock_.now();
    }
    void make_ready(Fiber& fiber) override { agenda_.add(fiber); }
    void post(std::function<void()> task) override { agenda_.add(std::move(task)); }
    void arm(Timer& timer, base::Instant due) override { agenda_.timers.arm(timer, due); }
    void cancel(Timer& timer) noexcept override { agenda_.timers.cancel(timer); }
    void stop() noexcept override { stopped_ = true; }
    void post_from_any_thread(std::function<void()> task) override;
    [[nodiscard]] LoopHealth health() const noexcept override { return health_; }

    /// Until stop(), or until nothing is ready, no timer is armed, no fiber waits in a Readiness
    /// and hold() is not on. Tasks from other threads are waited for only while hold() is on.
    void run() override;
    /// On: run() goes on though there is nothing to do, because another thread may bring something.
    void hold(bool on) noexcept { held_ = on; }

private:
    friend class Watch;
    friend class Readiness;

    void turn();
    void poll();
    [[nodiscard]] int wait_for_events(base::Nanos limit);
    void dispatch(std::span<const epoll_event> events);
    void take_foreign_tasks();
    void note_wait(base::Nanos wait) noexcept;
    [[nodiscard]] bool anything_left() const noexcept;

    SystemClock clock_;
    Agenda agenda_;
    LoopHealth health_;
    base::Instant now_{};
    base::Instant turn_began_{};
    int epoll_ = -1;
    int wakeup_ = -1;
    bool running_ = false;
    bool stopped_ = false;
    bool held_ = false;
    bool has_pwait2_ = true;
    unsigned turns_since_poll_ = 0;
    std::size_t parked_on_io_ = 0;
    std::vector<epoll_event> events_;
    std::size_t events_left_from_ = 0;  // while dispatching: those from here on are still to come
    std::size_t events_count_ = 0;

    Watch wakeup_watch_;
    std::atomic<bool> wakeup_sent_ = false;
    std::mutex foreign_mutex_;
    std::vector<std::function<void()>> foreign_;
};

}  // namespace weir::rt

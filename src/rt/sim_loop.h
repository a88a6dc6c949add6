// SimLoop: a loop on virtual time, which jumps to the next timer when nothing is ready.
// Deterministic.
#pragma once

#include <functional>

#include "base/time.h"
#include "rt/agenda.h"
#include "rt/loop.h"

namespace weir::rt {

/// Time that moves only when told to. Starts at one second, so that "before the start" exists.
class SimClock final : public Clock {
public:
    [[nodiscard]] base::Instant now() const noexcept override { return now_; }
    /// Civil time runs along from 2024-01-01 00:00 UTC.
    [[nodiscard]] base::WallTime wall() const noexcept override;
    void advance(base::Nanos by);
    void advance_to(base::Instant to);

private:
    base::Instant now_{std::chrono::seconds(1)};
};

/// For tests and simulated runs. The same calls in the same order give the same run, to the
/// nanosecond. One thread only: post_from_any_thread() is a plain post().
class SimLoop final : public Loop {
public:
    SimLoop() = default;

    [[nodiscard]] const Clock& clock() const noexcept override { return clock_; }
    [[nodiscard]] base::Instant now() const noexcept override {
        return running_ ? now_ : clock_.now();
    }
    void make_ready(Fiber& fiber) override { agenda_.add(fiber); }
    void post(std::function<void()> task) override { agenda_.add(std::move(task)); }
    void arm(Timer& timer, base::Instant due) override { agenda_.timers.arm(timer, due); }
    void cancel(Timer& timer) noexcept override { agenda_.timers.cancel(timer); }
    void post_from_any_thread(std::function<void()> task) override { post(std::move(task)); }
    void stop() noexcept override { stopped_ = true; }
    [[nodiscard]] LoopHealth health() const noexcept override { return health_; }

    /// Until stop(), or until no fiber is ready, no task is posted and no timer is armed.
    void run() override { run_until(base::never); }
    /// As run(), but leaves timers after `until` alone and ends with the clock at `until` at the
    /// least.
    void run_until(base::Instant until);

    /// Work that takes time: everything else on this loop has to wait, as in a stalled generator.
    void spend(base::Nanos cpu_time) { clock_.advance(cpu_time); }
    /// What each turn takes from now on, whatever it does. Zero by default.
    void set_turn_cost(base::Nanos cost) { turn_cost_ = cost; }

private:
    void turn();
    void note_wait(base::Nanos wait);

    SimClock clock_;
    Agenda agenda_;
    LoopHealth health_;
    base::Instant now_{};
    base::Nanos turn_cost_{};
    bool running_ = false;
    bool stopped_ = false;
};

}  // namespace weir::rt

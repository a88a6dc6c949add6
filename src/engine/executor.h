// Executor: one scenario on one worker: decides when a user begins an iteration, and with which due
// time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/time.h"
#include "engine/crew.h"
#include "journey/run_context.h"
#include "meter/recorder.h"
#include "rt/loop.h"

namespace weir::engine {

/// What became of a scenario's iterations on one worker.
struct Tally {
    std::uint64_t offered = 0;  // due times handed out (arrival rate), or iterations begun
    std::uint64_t started = 0;
    std::uint64_t completed = 0;  // with those that threw
    std::uint64_t threw = 0;
    std::uint64_t interrupted = 0;
    std::uint64_t late = 0;             // begun more than late_limit after they were due
    std::uint64_t dropped = 0;          // never begun: no user was free (k6: dropped_iterations)
    std::uint64_t waited_for_user = 0;  // begun late because a user had to be made first

    Tally& operator+=(const Tally& other) noexcept;
};

/// An arrival that begins later than this after it was due is counted as late.
inline constexpr base::Nanos late_limit = std::chrono::milliseconds(10);

/// What every executor needs from its surroundings. All outlive it.
struct ExecutorSeat {
    rt::Loop* loop = nullptr;
    Crew* crew = nullptr;
    meter::Recorder* recorder = nullptr;
    record::TagSetId scenario_tags{};  // for dropped_iterations
    journey::ScenarioContext* scenario = nullptr;
    base::Nanos graceful_stop{};
    std::function<void()> on_finished;  // once; posted, so that it may destroy the executor
};

/// Life: waiting -> starting (begins iterations) -> draining (lets them end, for at most the
/// graceful stop, then interrupts them) -> finished. Two kinds: ClosedExecutor and OpenExecutor.
class Executor : public Borrower {
public:
    explicit Executor(ExecutorSeat seat);
    ~Executor() override;
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// The scenario's start time is now (or was: `at` is the intended instant).
    virtual void start(base::Instant at) = 0;
    /// Ends at once: running iterations are interrupted. Idempotent.
    void abort();

    [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
    [[nodiscard]] bool finished() const noexcept { return phase_ == Phase::finished; }
    [[nodiscard]] std::size_t running() const noexcept { return running_; }

    void on_iteration_end(journey::User& user, journey::IterationOutcome outcome) final;

protected:
    enum class Phase : std::uint8_t { waiting, starting, draining, finished };

    /// The user is free again, in phase starting; the iteration that ended was not interrupted.
    virtual void next(journey::User& user) = 0;
    /// Draining has begun: give back what is idle.
    virtual void on_draining() = 0;
    /// An interrupted user is gone for good.
    virtual void on_lost(journey::User& user) = 0;

    void begin(journey::User& user, base::Instant due, std::uint64_t index);
    /// No more iterations from here on.
    void drain();
    void drop(std::uint64_t count);
    void cancel_running();

    [[nodiscard]] ExecutorSeat& seat() noexcept { return seat_; }
    [[nodiscard]] rt::Loop& loop() const noexcept { return *seat_.loop; }
    [[nodiscard]] Phase phase() const noexcept { return phase_; }
    void enter_starting() noexcept { phase_ = Phase::starting; }
    Tally tally_;

private:
    static void on_graceful_stop_over(void* self);
    void finish_if_empty();

    ExecutorSeat seat_;
    std::size_t running_ = 0;
    rt::Timer graceful_timer_;
    Phase phase_ = Phase::waiting;
};

}  // namespace weir::engine

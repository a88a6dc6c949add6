// WorkerRun: everything of a run that lives on one worker's thread: recorder, users, executors.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/crew.h"
#include "engine/executor.h"
#include "engine/share.h"
#include "journey/run_context.h"
#include "meter/recorder.h"

namespace weir::engine {

/// Where a worker's users live. The loop runs (or is driven by a simulation) for longer than the
/// run.
struct Seat {
    rt::Loop* loop = nullptr;
    rt::StackPool* stacks = nullptr;
    net::Dialer* dialer = nullptr;
    /// Of the users here, when it is not the run's own: a duet's other side. Outlives the run.
    journey::RunContext* context = nullptr;
};

/// After construction every call is made on the worker's thread (post it there).
class WorkerRun {
public:
    WorkerRun(const journey::RunContext& run,
              const Seat& seat,
              UserNumbers numbers,
              meter::SampleTap* tap);

    /// Makes the users that the shares need from the start; `ready` on this thread.
    void prepare(std::vector<Share> shares, std::function<void(base::Result<void>)> ready);
    /// Scenarios begin relative to `at`; `finished` once, when all have ended.
    void start(base::Instant at, std::function<void()> finished);
    /// Interrupts what runs and begins nothing more.
    void abort();
    /// Ends the users; `stopped` when the last is gone.
    void stop(std::function<void()> stopped);

    [[nodiscard]] meter::Recorder& recorder() noexcept { return recorder_; }
    [[nodiscard]] journey::WorkerContext& context() noexcept { return context_; }
    [[nodiscard]] rt::Loop& loop() noexcept { return *context_.loop; }
    /// One per share, in order.
    [[nodiscard]] std::vector<Tally> tallies() const;
    [[nodiscard]] std::size_t users() const noexcept { return crew_.size(); }
    [[nodiscard]] std::size_t users_active() const noexcept;

private:
    struct Lane {
        Share share;
        std::unique_ptr<Executor> executor;
        std::unique_ptr<rt::Timer> start_timer;
        WorkerRun* owner = nullptr;
    };
    static void on_start_time(void* lane);
    void on_lane_finished();
    [[nodiscard]] std::size_t users_needed() const;
    [[nodiscard]] std::unique_ptr<Executor> executor_for(const Share& share);

    meter::Recorder recorder_;
    journey::WorkerContext context_;
    Crew crew_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::size_t unfinished_ = 0;
    base::Instant start_{};
    std::function<void()> finished_;
};

}  // namespace weir::engine

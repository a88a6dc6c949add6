// Run: one whole run over all workers: setup, users, load, teardown; gives what happened as a
// value.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/share.h"
#include "engine/stop_rule.h"
#include "engine/worker_run.h"
#include "journey/run_context.h"
#include "meter/snapshot.h"
#include "record/run_record.h"

namespace weir::engine {

/// One scenario with each worker's share of it, in the workers' order.
struct ScenarioPlan {
    journey::ScenarioContext* context = nullptr;
    bool open_model = false;
    std::vector<Share> shares;
};

/// What a progress line shows; a value, once a second.
struct Progress {
    base::Nanos elapsed{};
    base::Nanos planned{};  // schedule's end without graceful stops
    std::size_t users = 0;
    std::size_t users_active = 0;
    Tally tally;
};

struct RunSpec {
    journey::RunContext* context = nullptr;
    Seat control;             // setup, teardown and all decisions; its loop is driven by execute()
    std::vector<Seat> seats;  // the workers; a simulation may name the control's loop again
    std::vector<meter::SampleTap*> taps;  // empty, or one for control and each seat, in that order
    std::vector<ScenarioPlan> scenarios;
    bool setup = false;
    bool teardown = false;
    base::Nanos setup_limit = std::chrono::seconds(60);
    base::Nanos teardown_limit = std::chrono::seconds(60);
    std::vector<StopRule> stop_rules;
    std::vector<Observer> observers;
    std::function<void(const Progress&)> on_progress;  // on the control thread
    /// Asked once, with what setup() returned; a Stop ends the run before any load.
    std::function<std::optional<Stop>(const std::string& setup_data)> admit;
    /// Asked on each tick; words end the run (the read-only guard, a limit).
    std::function<std::optional<std::string>()> limit_reached;
};

/// What execute() saw; the app adds who and where to make the RunRecord.
struct RunOutcome {
    base::WallTime started{};
    base::Instant start{};  // when load began
    base::Nanos duration{};
    std::string setup_data;
    meter::Snapshot totals;
    std::vector<record::PairSeries> pairs;  // of a duet
    std::vector<record::ScenarioOutcome> scenarios;
    record::Ending ending;
    std::optional<base::Error> init_error;      // a user's init code failed: exit code 107
    std::optional<base::Error> teardown_error;  // Code::timeout: exit code 101, else 107
};

/// Drives spec.control.loop on the calling thread; the seats' loops run on threads of their own (or
/// are the same loop in a simulation). abort() and mark_failed() may be called from any thread.
class Run {
public:
    explicit Run(RunSpec spec);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Once. Always gives an outcome: what was measured before an abort or failure is kept.
    [[nodiscard]] RunOutcome execute();
    /// The first call wins: iterations are interrupted, teardown still runs.
    void abort(record::EndKind kind, std::string words);
    void mark_failed(std::string words);
    /// For setup, teardown and handleSummary; lives as long as the Run.
    [[nodiscard]] journey::WorkerContext& control() noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::engine

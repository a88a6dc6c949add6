// User: a virtual user. One fiber, one isolate; heavy once, then run_once again and again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "journey/run_context.h"

namespace weir::journey {

class User;

enum class IterationOutcome : std::uint8_t {
    completed,
    threw,        // the script threw; recorded in Evidence, the iteration counts as completed (k6)
    interrupted,  // cancelled by the engine (gracefulStop over, run aborted)
};

/// What an iteration is told. Indexes start at 0.
struct IterationStart {
    ScenarioContext* scenario = nullptr;
    base::Instant due{};                  // intended start; for closed executors the actual start
    std::uint64_t index_in_scenario = 0;  // over all workers: exec.scenario.iterationInTest
};

/// Called on the worker's thread. From the user's fiber, so it must not park; it may call begin(),
/// or stop() when the user is not to be used again (the user is idle at that moment).
class UserListener {
public:
    virtual ~UserListener() = default;
    /// Init code ran, or failed: then the user is of no use and on_stopped follows by itself.
    virtual void on_ready(User& user, const base::Result<void>& init) = 0;
    virtual void on_iteration_end(User& user, IterationOutcome outcome) = 0;
    /// After stop() or cancel(): the fiber has ended and the user may be destroyed from a posted
    /// task.
    virtual void on_stopped(User& user) = 0;
};

class User {
public:
    /// `id` is __VU and idInTest, from 1 on. Nothing runs until start().
    User(const RunContext& run, WorkerContext& worker, UserListener& listener, std::uint64_t id);
    ~User();  // CHECKs that its fiber has ended
    User(const User&) = delete;
    User& operator=(const User&) = delete;

    /// Makes the fiber, the isolate and runs the script's init code; on_ready follows.
    void start();
    /// Hands over one iteration; only when ready and idle. iterations, iteration_duration and (for
    /// late starts) weir_start_delay are emitted by the user; dropped_iterations by the engine.
    void begin(const IterationStart& what);
    /// Ends the running iteration as interrupted: requests under way are recorded as unfinished,
    /// the isolate is thrown away. on_iteration_end then on_stopped follow.
    void cancel();
    /// Ends an idle user. on_stopped follows.
    void stop();

    [[nodiscard]] bool idle() const noexcept;
    [[nodiscard]] std::uint64_t id() const noexcept;
    /// Actual start of the running iteration, for graceful stops and reports.
    [[nodiscard]] base::Instant started() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What the init code says about the script, before any user exists.
struct ScriptFacts {
    std::string options_json;            // `export const options` as JSON text; "{}" when absent
    std::vector<std::string> functions;  // names of exported functions, "default" among them
};

/// Runs the init code once on a throw-away user (k6 does so too): options, exports and the metrics
/// that the script registers (they end in run.registry). The error carries file:line:column and
/// stack.
[[nodiscard]] base::Result<ScriptFacts> inspect_script(const RunContext& run,
                                                       WorkerContext& worker,
                                                       base::Nanos limit);

/// setup(), teardown(data) and handleSummary(data) run on a user of their own (id 0 in k6's terms).
/// Runs `function` to its end on a fiber of `worker.loop`, driving the loop until then or
/// `deadline`. `argument` and the result are JSON text; "" when the script has no such function or
/// it returned nothing.
[[nodiscard]] base::Result<std::string> call_lifecycle(const RunContext& run,
                                                       WorkerContext& worker,
                                                       const std::string& function,
                                                       const std::string& argument,
                                                       base::Nanos limit);

}  // namespace weir::journey

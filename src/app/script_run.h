// ScriptRun: one script from its file to a RunRecord: compiled, looked at, consolidated, run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "engine/run.h"
#include "journey/evidence.h"
#include "meter/sample_writer.h"
#include "plan/options.h"
#include "record/run_record.h"
#include "script/program.h"

namespace weir::rt {
class EpollLoop;
}
namespace weir::journey {
struct GuardPolicy;
struct SyntheticMarks;
}  // namespace weir::journey
namespace weir::app {

class Telemetry;

/// Options of each tier, the highest first.
struct OptionTiers {
    plan::Options flags;
    plan::Options environment;
    plan::Options file;
};

struct ScriptRunRequest {
    std::string run_id;
    std::string script;      // as given; relative to the working directory
    std::string entry_text;  // when not empty: the entry's source (standard input, a gate's suite)
    std::map<std::string, std::string> env;  // __ENV
    OptionTiers tiers;
    /// Replaces what the options say about load (the gate's rate).
    std::optional<std::vector<plan::Scenario>> scenarios;
    /// A duet: over `env` for the users of the candidate's scenarios, which alone have it. All
    /// scenarios are paired then.
    std::optional<std::map<std::string, std::string>> candidate_env;
    const journey::GuardPolicy* guard = nullptr;
    const journey::SyntheticMarks* marks = nullptr;
    journey::EvidenceSettings evidence;
    base::Log console;
    base::Log log;
    std::size_t workers = 0;  // 0: as many as the users need
    std::uint64_t seed = 0;
    std::vector<meter::SampleOutput> outputs;
    bool thresholds = true;                    // false: --no-thresholds
    std::vector<engine::StopRule> stop_rules;  // beside those of abortOnFail
    std::vector<engine::Observer> observers;
    std::shared_ptr<Telemetry> telemetry;  // null: none
    /// See engine::RunSpec.
    std::function<std::optional<engine::Stop>(const std::string& setup_data)> admit;
    std::function<void(const engine::Progress&)> on_progress;
    /// Called before the script, a module or an opened file is read, by absolute path; from any
    /// thread.
    std::function<void(const std::string& path)> on_file;
    /// Called when the run begins, on the thread whose loop it is. What it returns lives as long as
    /// the run, and may end it: `end` interrupts iterations, teardown() still runs.
    using End = std::function<void(std::string words)>;
    std::function<std::shared_ptr<void>(rt::EpollLoop& loop, End end)> beside;
};

class ScriptRun {
public:
    /// Code::script: the script could not be compiled or its init code threw (exit code 107);
    /// Code::cancelled: its init code called exec.test.abort() (108); any other code: its options
    /// cannot be run (104). Texts carry file:line:column, and no secret.
    [[nodiscard]] static base::Result<std::unique_ptr<ScriptRun>> prepare(ScriptRunRequest request);
    ~ScriptRun();
    ScriptRun(const ScriptRun&) = delete;
    ScriptRun& operator=(const ScriptRun&) = delete;

    [[nodiscard]] const plan::Options& options() const noexcept;
    [[nodiscard]] const std::vector<plan::Scenario>& scenarios() const noexcept;
    [[nodiscard]] bool exports(const std::string& function) const;

    /// Offers the load and returns all that is known. SIGINT and SIGTERM end it early (the second
    /// one at once); the record then says so. Once.
    [[nodiscard]] record::RunRecord execute();
    /// When the load began; all spans of the record count from it. After execute().
    [[nodiscard]] base::Instant load_start() const noexcept;
    /// execute() could not even make its users: what their init code threw.
    [[nodiscard]] const std::optional<base::Error>& init_error() const noexcept;
    /// What teardown() threw, or Code::timeout; the load itself was measured in full.
    [[nodiscard]] const std::optional<base::Error>& teardown_error() const noexcept;
    /// Calls an exported function on a user of its own after the run: handleSummary.
    [[nodiscard]] base::Result<std::string> call(const std::string& function,
                                                 const std::string& argument,
                                                 base::Nanos limit);

private:
    struct State;
    explicit ScriptRun(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace weir::app

// GateSuite: weir.toml and an environment become one script with a scenario per journey, and its
// rules.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/local/environment.h"
#include "app/script_run.h"
#include "app/terminal.h"
#include "base/result.h"
#include "plan/suite.h"

namespace weir::app {

class HeldLease;
class LiveRun;

/// Everything that a gate run needs, resolved; outlives the run.
struct GateSuite : EnvironmentRun {
    HeldLease* lease = nullptr;  // of the environment; null: the run is not kept apart from others
    LiveRun* live = nullptr;     // shows the run; null: nobody does
};

struct GateWishes : EnvironmentWishes {
    double rate = 0;                   // 0: the suite's
    base::Nanos duration{};            // zero: the suite's
    std::optional<std::string> store;  // the suite's when there is none
};

[[nodiscard]] base::Result<std::unique_ptr<GateSuite>> load_gate_suite(const GateWishes& wishes);

/// The entry module that joins the journeys: each one's default function under its own name.
[[nodiscard]] std::string entry_of(const plan::Suite& suite, const std::string& directory);

/// "25/s", or that of each step: runs under another load are not alike.
[[nodiscard]] std::string load_text(const plan::Suite& suite);

/// Lines of a run go to the terminal, without what is secret: not in the journeys' own
/// lines either.
void speak_on(const Terminal& terminal, bool verbose, ScriptRunRequest& request);
/// What there is to say of an environment before a run in it.
void warn_of(const EnvironmentRun& run);

/// What the entry's setup() left of the journeys' facts().
void facts_in(const std::string& setup_data, record::Surroundings& surroundings);

}  // namespace weir::app

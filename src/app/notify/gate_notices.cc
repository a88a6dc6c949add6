#include "app/notify/gate_notices.h"

#include <algorithm>

namespace weir::app {

notify::RunWindow window_of(const GateSuite& gate, const std::string& commit, base::WallTime now) {
    base::Nanos longest{};
    for (const auto& scenario : gate.request.scenarios.value_or(std::vector<plan::Scenario>{})) {
        base::Nanos planned = scenario.duration;
        base::Nanos staged{};
        for (const auto& stage : scenario.stages) staged += stage.duration;
        planned = std::max(planned, staged);
        longest = std::max(longest, planned + scenario.graceful_stop);
    }
    return {.run_id = gate.request.run_id,
            .suite = gate.suite.name,
            .environment = gate.environment.name,
            .base_url = gate.shown_base_url(),
            .load = load_text(gate.suite),
            .commit = commit,
            .start = now,
            .planned_end = now + longest};
}

}  // namespace weir::app

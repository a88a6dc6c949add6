// LiveRun: shows a run while it lasts: a view on a terminal, a line every ten seconds elsewhere.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/script_run.h"
#include "app/terminal.h"
#include "engine/stop_rule.h"
#include "report/live/live_state.h"

namespace weir::app {

/// How the rules of a run stand, and what they do to it.
struct LiveStanding {
    std::vector<report::LiveRule> rules;
    std::string note;
};
/// Asked on the control thread with each look; `planned` is the schedule's end.
using LiveRules = std::function<LiveStanding(const engine::SoFar& so_far, base::Nanos planned)>;

/// Lives as long as the run does.
class LiveRun {
public:
    /// Hangs itself on the request's progress and observers, both of the control thread. With
    /// --quiet nothing is shown.
    LiveRun(const Terminal& terminal, std::string title, ScriptRunRequest& request);
    ~LiveRun();
    LiveRun(const LiveRun&) = delete;
    LiveRun& operator=(const LiveRun&) = delete;

    /// Before the run begins; `name` is what the rules are called: "conditions".
    void judge_by(std::string name, LiveRules rules);

private:
    struct State;
    std::shared_ptr<State> state_;  // null when quiet
};

}  // namespace weir::app

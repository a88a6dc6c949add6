// Notices: tells people and their tools what the gate does, as weir.toml's [notify] says; never
// decides anything.
#pragma once

#include <memory>
#include <string>

#include "base/log.h"
#include "notify/notice.h"
#include "notify/run_window.h"
#include "plan/suite.h"

namespace weir::app {

/// Sends over HTTP from the calling thread, all channels at once, within `budget`. What was not
/// delivered is kept in the outbox and tried again by the next one that sends. No call fails: a
/// channel that cannot be reached, or whose secret is not there, is a warning in the log.
class Notices {
public:
    /// The longest that one of the calls below takes.
    static constexpr base::Nanos budget = std::chrono::seconds(4);

    /// `config_file`: where weir.toml is; files of secrets are named from there.
    Notices(const plan::Suite& suite, const std::string& config_file, base::Log log);
    ~Notices();  // a run that began and did not end here is ended
    Notices(const Notices&) = delete;
    Notices& operator=(const Notices&) = delete;

    /// One notice to people (Slack): a bypass step, a debt.
    void send(const notify::Notice& notice);
    /// Tells people, silences the environment's alerts until the planned end, marks dashboards.
    void run_begins(const notify::RunWindow& window);
    /// Tells people the verdict, ends the silence, closes the mark. `verdict.at` is the run's end.
    void run_ends(const notify::Notice& verdict);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::app

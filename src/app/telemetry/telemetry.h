// Telemetry: tells tools what a run counts while it lasts, on a thread of its own; never decides
// anything, never holds the load up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/local/env_file.h"
#include "base/log.h"
#include "base/result.h"
#include "engine/stop_rule.h"
#include "plan/secrets.h"
#include "plan/telemetry/telemetry_rules.h"
#include "record/generator_health.h"

namespace weir::app {

class Telemetry {
public:
    /// What a last push may take, and the rest of it when a receiver is known to be away.
    static constexpr base::Nanos flush_most = std::chrono::seconds(2);
    static constexpr base::Nanos flush_most_away = std::chrono::milliseconds(300);

    explicit Telemetry(std::string run_id);
    ~Telemetry();
    Telemetry(const Telemetry&) = delete;
    Telemetry& operator=(const Telemetry&) = delete;

    /// Where the rules' files and secrets are; what must not be shown is added to `hidden`.
    struct Place {
        std::string directory;
        const EnvFile& env_file;
        plan::Secrets& hidden;
    };
    /// Before begin(). An output takes the place of an earlier one of its kind. The error says what
    /// of the rules cannot be used; nothing is added then.
    [[nodiscard]] base::Result<void> add(const plan::TelemetryRules& rules, const Place& place);
    /// The same, but an output that cannot be used is off: a sentence for people each.
    [[nodiscard]] std::vector<std::string> add_usable(const plan::TelemetryRules& rules,
                                                      const Place& place);
    [[nodiscard]] bool empty() const noexcept;

    /// Starts the thread. Signals are to be blocked by then.
    void begin(const base::Log& log);
    /// Hands totals over: a copy and nothing else on the thread that looks.
    [[nodiscard]] engine::Observer observer();
    /// After the last look: waits for the last pushes, within the limits above, and ends the
    /// thread. One entry an output. Once; nothing without begin().
    [[nodiscard]] std::vector<record::TelemetryDelivery> finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::app

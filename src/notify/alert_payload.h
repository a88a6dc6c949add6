// AlertPayload: what Alertmanager's webhook sends, version "4", with causes put into its alerts.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "notify/attribution.h"
#include "plan/notices/notify_rules.h"

namespace weir::notify {

/// Source: prometheus.io/docs/alerting/latest/configuration, "webhook_config". Members that we do
/// not know, and their order, are kept.
class AlertPayload {
public:
    /// The error: no JSON object, or deeper than anybody nests one. An object of another version,
    /// or without alerts, is a payload without alerts that we can read.
    [[nodiscard]] static base::Result<AlertPayload> parse(std::string_view body);
    ~AlertPayload();
    AlertPayload(AlertPayload&&) noexcept;
    AlertPayload& operator=(AlertPayload&&) noexcept;

    struct Seen {
        std::string name;      // the label alertname
        bool readable = true;  // else it is passed on as it came
        Cause cause;
    };
    /// Labels weir_cause and weir_run, annotations weir_why and weir_link. An alert that cannot be
    /// read (no labels, no time) stays untouched, and is real. In the order of the alerts.
    using Decide = std::function<Cause(const Alert&)>;
    std::vector<Seen> label(const Decide& decide, const plan::AttributionRules& rules);

    enum class Part : std::uint8_t { all, real, run };
    /// The payload with these alerts alone; empty text when it would have none, but never for what
    /// has no alerts that we can read: that is real.
    [[nodiscard]] std::string text(Part part) const;

private:
    struct State;
    explicit AlertPayload(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// "2026-11-24T21:30:00.123Z", "…+01:00": RFC 3339, up to nanoseconds.
[[nodiscard]] base::Result<base::WallTime> parse_alert_time(std::string_view text);

}  // namespace weir::notify

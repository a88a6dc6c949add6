// Errand: what one channel could not be told, kept so that another process can tell it later.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "notify/notice.h"
#include "notify/run_window.h"

namespace weir::notify {

enum class ErrandKind : std::uint8_t {
    message,      // a notice for Slack
    region,       // a run's annotation in Grafana
    end_silence,  // a silence in Alertmanager that outlives its run
    end_alert,    // the same of the alert WeirRun
};
/// "Slack", "Grafana", "Alertmanager".
[[nodiscard]] std::string_view channel_of(ErrandKind kind) noexcept;

/// Without addresses and secrets: those are weir.toml's, at the time of the next try.
struct Errand {
    ErrandKind kind = ErrandKind::message;
    Notice notice;             // message, region
    RunWindow window;          // all but message
    std::string handle;        // the silence's or annotation's id; may be empty for a region
    base::WallTime give_up{};  // later it is of no use to anybody
    [[nodiscard]] bool operator==(const Errand&) const = default;
};

/// One JSON object; decode_errand(encode(e)) == e. The error says what is missing or wrong.
[[nodiscard]] std::string encode(const Errand& errand);
[[nodiscard]] base::Result<Errand> decode_errand(std::string_view json);

}  // namespace weir::notify

// Alertmanager: while a run lasts, a silence of its environment's alerts, or an alert that says so.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "notify/http_call.h"
#include "notify/run_window.h"
#include "plan/notices/alert_matcher.h"

namespace weir::notify {

struct Alertmanager {
    std::string url;            // without /api/v2
    std::string authorization;  // bearer() or basic(); empty: none
};

/// A silence of what the environment's matchers pick out, from the run's start to `ends`. With
/// `known_id` that silence is changed. Source: Alertmanager's API v2, POST /silences.
[[nodiscard]] HttpCall silence_call(const Alertmanager& to,
                                    const RunWindow& window,
                                    const plan::AlertMatchers& matchers,
                                    base::WallTime ends,
                                    const std::string& known_id);
/// The new silence's id; empty when the answer has none.
[[nodiscard]] std::string silence_id_in(std::string_view answer);
/// DELETE /silence/{id}: it ends now.
[[nodiscard]] HttpCall expire_call(const Alertmanager& to, const std::string& silence_id);

/// An alert WeirRun from the run's start to `ends`, with the labels that the matchers' equalities
/// name. The same call with another end ends it. Source: API v2, POST /alerts.
[[nodiscard]] HttpCall run_alert_call(const Alertmanager& to,
                                      const RunWindow& window,
                                      const plan::AlertMatchers& matchers,
                                      base::WallTime ends);

}  // namespace weir::notify

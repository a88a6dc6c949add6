// NotifyRules and AttributionRules: who hears of a run, and which alerts are its doing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "plan/notices/alert_matcher.h"
#include "plan/secret_source.h"

namespace weir::plan {

/// A Slack incoming webhook; its address is the secret.
struct SlackRules {
    SecretSource url;
    bool start = true;    // tell that a run starts
    bool verdict = true;  // its verdict
    bool bypass = true;   // steps of a bypass
    bool debt = true;     // what a used bypass left to do
};

/// What Alertmanager is told while a run lasts.
struct AlertmanagerRules {
    enum class While : std::uint8_t {
        silence,  // a silence with the environment's matchers
        alert,    // an alert WeirRun with the environment's labels: for inhibit rules, and to see
    };
    std::string url;       // "https://alertmanager.example/"; /api/v2 follows
    SecretSource token;    // a bearer's, for what stands before Alertmanager
    std::string username;  // or, with a password, as Alertmanager's own web configuration has it
    SecretSource password;
    While during = While::silence;
    base::Nanos margin = std::chrono::minutes(5);  // after the planned end, for a killed gate
    base::Nanos settle{};                          // how much longer it lasts than the run
};

struct GrafanaRules {
    std::string url;
    SecretSource token;
    std::string dashboard_uid;  // empty: of the whole organisation
    std::uint32_t panel_id = 0;
    std::vector<std::string> tags{"weir"};
};

struct NotifyRules {
    std::optional<SlackRules> slack;
    std::optional<AlertmanagerRules> alertmanager;
    std::optional<GrafanaRules> grafana;
    std::string outbox = ".weir/outbox";  // what was not delivered; relative to the directory
};

/// When an alert is a run's doing; see notify/attribution.h.
struct AttributionRules {
    base::Nanos warm_up{};  // an alert that begins sooner after the run's start is real
    base::Nanos settle = std::chrono::minutes(2);   // so long after its end they may still begin
    base::Nanos linger = std::chrono::minutes(15);  // one that fires longer after it is real
    AlertMatchers always_real;                      // one of these is enough
    bool label_real = true;                         // weir_cause="real" on all others
    std::string link;                               // "https://ci.example/runs/{run}"; empty: none
};

}  // namespace weir::plan

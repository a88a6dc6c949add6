#include "app/notify/notices_text.h"

#include <filesystem>
#include <string_view>

#include "app/secrets/secret_value.h"
#include "base/format.h"
#include "base/units.h"

namespace weir::app {
namespace {

/// "; off: the secret … is not set", or nothing.
std::string trouble_with(const std::string& name,
                         const plan::SecretSource& source,
                         const std::string& directory) {
    if (!source.given()) return {};
    const auto value = secret_value(name, source, directory);
    return value.ok() ? "" : "; off: " + value.error().text;
}

std::string slack_text(const plan::SlackRules& rules, const std::string& directory) {
    std::string told;
    const auto add = [&told](bool on, std::string_view what) {
        if (on) told += base::format("{}{}", told.empty() ? "" : ", ", what);
    };
    add(rules.start, "start");
    add(rules.verdict, "verdict");
    add(rules.bypass, "bypass");
    add(rules.debt, "debt");
    return base::format("notices      Slack: {}{}\n", told.empty() ? "nothing" : told,
                        trouble_with("notify.slack.url", rules.url, directory));
}

std::string alertmanager_text(const plan::AlertmanagerRules& rules,
                              bool has_alerts,
                              const std::string& directory) {
    if (!has_alerts) {
        return base::format("notices      {}: nothing, since the environment has no alerts\n",
                            rules.url);
    }
    const bool silent = rules.during == plan::AlertmanagerRules::While::silence;
    return base::format("notices      {}: {}, until {} after the planned end at the most{}{}\n",
                        rules.url, silent ? "a silence of these alerts" : "an alert WeirRun",
                        base::write_duration(rules.margin + rules.settle),
                        trouble_with("notify.alertmanager.token", rules.token, directory),
                        trouble_with("notify.alertmanager.password", rules.password, directory));
}

}  // namespace

std::string notices_text(const plan::Suite& suite,
                         const plan::Environment& environment,
                         const std::string& config_file) {
    const auto directory = std::filesystem::absolute(config_file).parent_path().string();
    std::string text;
    for (const auto& each : environment.alerts) {
        text += base::format("alerts       {}\n", each.text());
    }
    const auto& notify = suite.notify;
    if (notify.slack) text += slack_text(*notify.slack, directory);
    if (notify.alertmanager) {
        text += alertmanager_text(*notify.alertmanager, !environment.alerts.empty(), directory);
    }
    if (!notify.grafana) return text;
    const auto& place = notify.grafana->dashboard_uid;
    return text +
           base::format("notices      {}: an annotation of {}{}\n", notify.grafana->url,
                        place.empty() ? "the organisation" : "dashboard " + place,
                        trouble_with("notify.grafana.token", notify.grafana->token, directory));
}

}  // namespace weir::app

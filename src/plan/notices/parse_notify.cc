#include "plan/notices/parse_notify.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/url.h"
#include "plan/parse_secret.h"

namespace weir::plan {
namespace {

using base::Result;

Result<void> read_url(TomlTable& table, std::string_view section, std::string& into) {
    TRY_VOID(table.read_text("url", into));
    if (into.empty()) return table.error(base::format("{}.url is missing", section));
    const auto url = base::parse_url(into);
    if (!url.ok()) return table.error_at(*table.find("url"), url.error().text);
    if (url.value().scheme != "http" && url.value().scheme != "https") {
        return table.error_at(*table.find("url"),
                              base::format("{}.url must begin with http:// or https://", section));
    }
    if (url.value().username.empty() && url.value().password.empty()) return {};
    return table.error_at(*table.find("url"),
                          base::format("{}.url has a password in it: give a token = {{ env = "
                                       "\"VARIABLE\" }} instead",
                                       section));
}

Result<void> read_slack(TomlTable& table, NotifyRules& notify) {
    SlackRules slack;
    TRY_VOID(read_secret(table, "url", slack.url));
    if (!slack.url.given()) return table.error("notify.slack.url is missing");
    TRY_VOID(table.read_bool("start", slack.start));
    TRY_VOID(table.read_bool("verdict", slack.verdict));
    TRY_VOID(table.read_bool("bypass", slack.bypass));
    TRY_VOID(table.read_bool("debt", slack.debt));
    notify.slack = std::move(slack);
    return {};
}

Result<void> read_alertmanager(TomlTable& table, NotifyRules& notify) {
    AlertmanagerRules rules;
    TRY_VOID(read_url(table, "notify.alertmanager", rules.url));
    TRY_VOID(read_secret(table, "token", rules.token));
    TRY_VOID(table.read_text("username", rules.username));
    TRY_VOID(read_secret(table, "password", rules.password));
    if (rules.username.empty() == rules.password.given() ||
        (rules.token.given() && rules.password.given())) {
        return table.error(
            "notify.alertmanager has either a token, or username and password, or none of them");
    }
    TRY_VOID(table.read_duration("margin", rules.margin));
    TRY_VOID(table.read_duration("settle", rules.settle));
    std::string during = "silence";
    TRY_VOID(table.read_text("during", during));
    if (during != "silence" && during != "alert") {
        return table.error_at(*table.find("during"),
                              "notify.alertmanager.during is \"silence\" or \"alert\"");
    }
    if (during == "alert") rules.during = AlertmanagerRules::While::alert;
    notify.alertmanager = std::move(rules);
    return {};
}

Result<void> read_grafana(TomlTable& table, NotifyRules& notify) {
    GrafanaRules rules;
    TRY_VOID(read_url(table, "notify.grafana", rules.url));
    TRY_VOID(read_secret(table, "token", rules.token));
    TRY_VOID(table.read_text("dashboard_uid", rules.dashboard_uid));
    TRY_VOID(table.read_whole("panel_id", rules.panel_id, {0, 1e9}));
    TRY_VOID(table.read_texts("tags", rules.tags));
    if (rules.panel_id > 0 && rules.dashboard_uid.empty()) {
        return table.error("notify.grafana.panel_id needs dashboard_uid: panels are a dashboard's");
    }
    notify.grafana = std::move(rules);
    return {};
}

Result<void> read_notify(TomlTable& table, NotifyRules& notify) {
    TRY_VOID(table.read_text("outbox", notify.outbox));
    TRY_VOID(table.read_section("slack", [&](TomlTable& t) { return read_slack(t, notify); }));
    TRY_VOID(table.read_section("alertmanager",
                                [&](TomlTable& t) { return read_alertmanager(t, notify); }));
    return table.read_section("grafana", [&](TomlTable& t) { return read_grafana(t, notify); });
}

Result<void> read_matchers(TomlTable& table, std::string_view key, AlertMatchers& into) {
    std::vector<std::string> texts;
    TRY_VOID(table.read_texts(key, texts));
    for (const auto& text : texts) {
        auto matcher = AlertMatcher::parse(text);
        if (!matcher.ok()) return table.error_at(*table.find(key), matcher.error().text);
        into.push_back(std::move(matcher).value());
    }
    return {};
}

Result<void> read_attribute(TomlTable& table, AttributionRules& rules) {
    TRY_VOID(table.read_duration("warm_up", rules.warm_up));
    TRY_VOID(table.read_duration("settle", rules.settle));
    TRY_VOID(table.read_duration("linger", rules.linger));
    TRY_VOID(read_matchers(table, "always_real", rules.always_real));
    TRY_VOID(table.read_bool("label_real", rules.label_real));
    TRY_VOID(table.read_text("link", rules.link));
    if (rules.linger < rules.settle) {
        return table.error("attribute.linger must not be shorter than attribute.settle");
    }
    return {};
}

/// What would silence production is refused before anything runs.
Result<void> check_silences(TomlTable& root, const Suite& suite) {
    if (!suite.notify.alertmanager) return {};
    const auto& section = *root.find("notify")->as_table()->get("alertmanager");
    const bool any = std::any_of(suite.environments.begin(), suite.environments.end(),
                                 [](const Environment& e) { return !e.alerts.empty(); });
    if (!any) {
        return root.error_at(section,
                             "notify.alertmanager needs to know which alerts are the "
                             "environment's: give environment.NAME alerts = "
                             "['namespace=\"NAME\"']");
    }
    if (suite.notify.alertmanager->during != AlertmanagerRules::While::silence) return {};
    for (const auto& environment : suite.environments) {
        const auto production = [](const AlertMatcher& each) {
            const bool picks_out = each.is_equality() || each.kind() == AlertMatcher::Kind::matches;
            return picks_out && names_production(each.value());
        };
        const auto found =
            std::find_if(environment.alerts.begin(), environment.alerts.end(), production);
        if (found == environment.alerts.end()) continue;
        return root.error_at(
            section, base::format("notify.alertmanager would silence {} for environment.{}: "
                                  "production is never silenced. Use during = \"alert\", or leave "
                                  "that environment's alerts out",
                                  found->text(), environment.name));
    }
    return {};
}

}  // namespace

Result<void> read_alerts(TomlTable& table, Environment& environment) {
    environment.alert_name = environment.name;
    TRY_VOID(table.read_text("alert_name", environment.alert_name));
    TRY_VOID(read_matchers(table, "alerts", environment.alerts));
    if (!table.has("alerts")) return {};
    const auto& node = *table.find("alerts");
    const auto named = check_names(environment.alerts, environment.alert_name);
    if (named.ok()) return {};
    return table.error_at(
        node, base::format("environment.{}.alerts: {}", environment.name, named.error().text));
}

Result<void> read_notify_parts(TomlTable& root, Suite& suite) {
    TRY_VOID(
        root.read_section("notify", [&](TomlTable& t) { return read_notify(t, suite.notify); }));
    TRY_VOID(root.read_section("attribute",
                               [&](TomlTable& t) { return read_attribute(t, suite.attribution); }));
    return check_silences(root, suite);
}

}  // namespace weir::plan

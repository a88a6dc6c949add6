#include "notify/alertmanager.h"

#include "base/format.h"
#include "base/json.h"
#include "record/wall_text.h"

namespace weir::notify {
namespace {

using Kind = plan::AlertMatcher::Kind;

std::string sentence_of(const RunWindow& window) {
    return base::format("Weir run {} of {} drives synthetic load against {} ({})", window.run_id,
                        window.suite, window.environment, window.base_url);
}

/// Ids come from Alertmanager, and go into a path: only what an id is made of.
bool is_id(std::string_view text) {
    constexpr std::string_view id_bytes =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    return !text.empty() && text.size() <= 128 &&
           text.find_first_not_of(id_bytes) == std::string_view::npos;
}

}  // namespace

HttpCall silence_call(const Alertmanager& to,
                      const RunWindow& window,
                      const plan::AlertMatchers& matchers,
                      base::WallTime ends,
                      const std::string& known_id) {
    base::Json list = base::Json::array();
    for (const auto& each : matchers) {
        const bool pattern = each.kind() == Kind::matches || each.kind() == Kind::not_matches;
        const bool positive = each.kind() == Kind::matches || each.kind() == Kind::equal;
        list.push_back({{"name", each.label()},
                        {"value", each.value()},
                        {"isRegex", pattern},
                        {"isEqual", positive}});
    }
    base::Json silence{{"matchers", list},
                       {"startsAt", record::to_text(window.start)},
                       {"endsAt", record::to_text(ends)},
                       {"createdBy", "weir"},
                       {"comment", sentence_of(window) + "; this silence ends with it"}};
    if (!known_id.empty()) silence["id"] = known_id;
    return json_call("POST", joined_url(to.url, "/api/v2/silences"), to.authorization,
                     base::write_json(silence));
}

std::string silence_id_in(std::string_view answer) {
    const auto document = base::parse_json(answer);
    if (!document.ok()) return {};
    auto id = base::text_or(document.value(), "silenceID", "");
    return is_id(id) ? id : std::string();
}

HttpCall expire_call(const Alertmanager& to, const std::string& silence_id) {
    auto call = json_call("DELETE", joined_url(to.url, "/api/v2/silence/" + silence_id),
                          to.authorization, "");
    return call;
}

HttpCall run_alert_call(const Alertmanager& to,
                        const RunWindow& window,
                        const plan::AlertMatchers& matchers,
                        base::WallTime ends) {
    base::Json labels{{"alertname", "WeirRun"},
                      {"weir_run", window.run_id},
                      {"weir_suite", window.suite},
                      {"weir_environment", window.environment}};
    for (const auto& each : matchers) {
        // A label of ours stays ours: inhibit rules rely on them.
        if (each.is_equality() && !labels.contains(each.label())) {
            labels[each.label()] = each.value();
        }
    }
    const base::Json alert{{"labels", labels},
                           {"annotations", {{"summary", sentence_of(window)}}},
                           {"startsAt", record::to_text(window.start)},
                           {"endsAt", record::to_text(ends)}};
    return json_call("POST", joined_url(to.url, "/api/v2/alerts"), to.authorization,
                     base::write_json(base::Json::array({alert})));
}

}  // namespace weir::notify

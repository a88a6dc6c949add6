#include "notify/grafana.h"

#include <chrono>
#include <cmath>

#include "base/format.h"
#include "base/json.h"
#include "notify/markup.h"

namespace weir::notify {
namespace {

std::int64_t unix_ms(base::WallTime wall) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(wall.time_since_epoch()).count();
}

std::string text_of(const Notice& notice) {
    constexpr std::size_t most = 2000;
    std::string text = base::format("{} in {}: {}", escaped_markup(notice.suite),
                                    escaped_markup(notice.environment),
                                    escaped_markup(shortened(notice.headline, most)));
    if (!notice.run_id.empty()) text += "\nrun " + escaped_markup(notice.run_id);
    if (!notice.link.empty()) text += "\n" + escaped_markup(notice.link);
    return text;
}

base::Json tags_of(const Grafana& to, const Notice& notice) {
    base::Json tags = base::Json::array();
    for (const auto& tag : to.rules->tags) tags.push_back(tag);
    tags.push_back("suite:" + notice.suite);
    tags.push_back("environment:" + notice.environment);
    tags.push_back("run:" + notice.run_id);
    return tags;
}

base::Json place_of(const Grafana& to) {
    base::Json place = base::Json::object();
    if (!to.rules->dashboard_uid.empty()) place["dashboardUID"] = to.rules->dashboard_uid;
    if (to.rules->panel_id > 0) place["panelId"] = to.rules->panel_id;
    return place;
}

HttpCall post(const Grafana& to, const base::Json& annotation) {
    return json_call("POST", joined_url(to.url, "/api/annotations"), to.authorization,
                     base::write_json(annotation));
}

}  // namespace

HttpCall mark_call(const Grafana& to, const Notice& started) {
    base::Json annotation = place_of(to);
    annotation["time"] = unix_ms(started.at);
    annotation["tags"] = tags_of(to, started);
    annotation["text"] = text_of(started);
    return post(to, annotation);
}

std::uint64_t annotation_id_in(std::string_view answer) {
    const auto document = base::parse_json(answer);
    if (!document.ok()) return 0;
    constexpr double most = 9e15;  // whole numbers up to here are exact
    const double id = base::number_or(document.value(), "id", 0);
    return id >= 1 && id <= most && id == std::floor(id) ? static_cast<std::uint64_t>(id) : 0;
}

HttpCall region_call(const Grafana& to,
                     base::WallTime start,
                     const Notice& verdict,
                     std::uint64_t annotation_id) {
    const base::Json times{{"time", unix_ms(start)}, {"timeEnd", unix_ms(verdict.at)}};
    if (annotation_id == 0) {
        base::Json annotation = place_of(to);
        annotation.update(times);
        annotation["tags"] = tags_of(to, verdict);
        annotation["text"] = text_of(verdict);
        return post(to, annotation);
    }
    base::Json change = times;
    change["tags"] = tags_of(to, verdict);
    change["text"] = text_of(verdict);
    return json_call("PATCH",
                     joined_url(to.url, base::format("/api/annotations/{}", annotation_id)),
                     to.authorization, base::write_json(change));
}

}  // namespace weir::notify

#include "notify/slack.h"

#include <algorithm>
#include <string_view>

#include "base/format.h"
#include "base/json.h"
#include "notify/markup.h"
#include "record/wall_text.h"

namespace weir::notify {
namespace {

// In bytes, which characters never exceed; a part is left for what escaping adds.
constexpr std::size_t headline_most = 1500;
constexpr std::size_t value_most = 900;
constexpr std::size_t fields_most = 10;
constexpr std::size_t sections_most = 4;

std::string_view sign_of(Tone tone) {
    switch (tone) {
        case Tone::good:
            return ":white_check_mark:";
        case Tone::bad:
            return ":no_entry:";
        case Tone::warning:
            return ":warning:";
        case Tone::plain:
            break;
    }
    return ":small_blue_diamond:";
}

base::Json marked_up(std::string text) {
    return {{"type", "mrkdwn"}, {"text", std::move(text)}};
}

bool is_link(std::string_view text) {
    const bool web = text.starts_with("http://") || text.starts_with("https://");
    return web && text.find_first_of("<>| \t\r\n") == std::string_view::npos;
}

std::string where_of(const Notice& notice) {
    if (notice.environment.empty()) return escaped_markup(notice.suite);
    return base::format("{} in {}", escaped_markup(notice.suite),
                        escaped_markup(notice.environment));
}

void add_facts(const Notice& notice, base::Json& blocks) {
    const auto count = std::min(notice.facts.size(), fields_most * sections_most);
    for (std::size_t i = 0; i < count; i += fields_most) {
        base::Json fields = base::Json::array();
        for (std::size_t j = i; j < std::min(i + fields_most, count); ++j) {
            const auto& fact = notice.facts[j];
            fields.push_back(marked_up(
                base::format("*{}*\n{}", escaped_markup(shortened(fact.name, value_most / 4)),
                             escaped_markup(shortened(fact.value, value_most)))));
        }
        blocks.push_back({{"type", "section"}, {"fields", std::move(fields)}});
    }
}

void add_context(const Notice& notice, bool late, base::Json& blocks) {
    std::string line;
    const auto add = [&line](const std::string& part) {
        line += (line.empty() ? "" : " · ") + part;
    };
    if (!notice.run_id.empty()) add("run `" + escaped_markup(notice.run_id) + "`");
    if (is_link(notice.link)) add(base::format("<{}|more>", escaped_markup(notice.link)));
    // "2026-11-24T21:30:00Z": to the second.
    if (late) add("told late, it happened at " + record::to_text(notice.at).substr(0, 19) + "Z");
    if (line.empty()) return;
    blocks.push_back(
        {{"type", "context"}, {"elements", base::Json::array({marked_up(std::move(line))})}});
}

}  // namespace

HttpCall slack_message(const Notice& notice, const std::string& webhook, bool late) {
    const std::string headline = escaped_markup(shortened(notice.headline, headline_most));
    const std::string where = where_of(notice);
    base::Json blocks = base::Json::array();
    blocks.push_back(
        {{"type", "section"},
         {"text", marked_up(base::format("{} *{}*: {}", sign_of(notice.tone), where, headline))}});
    add_facts(notice, blocks);
    add_context(notice, late, blocks);
    const base::Json message{{"text", base::format("{}: {}", where, headline)}, {"blocks", blocks}};
    return json_call("POST", webhook, "", base::write_json(message));
}

}  // namespace weir::notify

#include "notify/errand.h"

#include <array>
#include <utility>

#include "base/format.h"
#include "base/json.h"
#include "record/wall_text.h"

namespace weir::notify {
namespace {

using Word = std::pair<ErrandKind, std::string_view>;
constexpr std::array words{Word{ErrandKind::message, "message"}, Word{ErrandKind::region, "region"},
                           Word{ErrandKind::end_silence, "end-silence"},
                           Word{ErrandKind::end_alert, "end-alert"}};

base::Json json_of(const RunWindow& window) {
    return {{"run_id", window.run_id},
            {"suite", window.suite},
            {"environment", window.environment},
            {"base_url", window.base_url},
            {"load", window.load},
            {"commit", window.commit},
            {"start", record::to_text(window.start)},
            {"planned_end", record::to_text(window.planned_end)}};
}

base::Result<RunWindow> window_of(const base::Json& json) {
    RunWindow window{.run_id = base::text_or(json, "run_id", ""),
                     .suite = base::text_or(json, "suite", ""),
                     .environment = base::text_or(json, "environment", ""),
                     .base_url = base::text_or(json, "base_url", ""),
                     .load = base::text_or(json, "load", ""),
                     .commit = base::text_or(json, "commit", ""),
                     .start = {},
                     .planned_end = {}};
    TRY(window.start, record::wall_from_text(base::text_or(json, "start", "")));
    TRY(window.planned_end, record::wall_from_text(base::text_or(json, "planned_end", "")));
    return window;
}

}  // namespace

std::string_view channel_of(ErrandKind kind) noexcept {
    switch (kind) {
        case ErrandKind::message:
            return "Slack";
        case ErrandKind::region:
            return "Grafana";
        case ErrandKind::end_silence:
        case ErrandKind::end_alert:
            break;
    }
    return "Alertmanager";
}

std::string encode(const Errand& errand) {
    std::string_view word;
    for (const auto& [kind, each] : words) {
        if (kind == errand.kind) word = each;
    }
    const auto notice = base::parse_json(encode(errand.notice));
    const base::Json document{{"version", 1},
                              {"kind", word},
                              {"give_up", record::to_text(errand.give_up)},
                              {"handle", errand.handle},
                              {"window", json_of(errand.window)},
                              {"notice", notice.value()}};
    return base::write_json(document, 1) + "\n";
}

base::Result<Errand> decode_errand(std::string_view json) {
    TRY(const auto document, base::parse_json(json));
    const base::Error wrong{base::Code::invalid, "not an errand of this version of Weir"};
    if (base::number_or(document, "version", 0) != 1) return wrong;
    if (!document.contains("window") || !document.contains("notice")) return wrong;
    Errand errand;
    const auto kind = base::text_or(document, "kind", "");
    bool known = false;
    for (const auto& [each, word] : words) {
        if (word != kind) continue;
        errand.kind = each;
        known = true;
    }
    if (!known) return wrong;
    errand.handle = base::text_or(document, "handle", "");
    TRY(errand.give_up, record::wall_from_text(base::text_or(document, "give_up", "")));
    TRY(errand.window, window_of(document.at("window")));
    TRY(errand.notice, decode(base::write_json(document.at("notice"))));
    return errand;
}

}  // namespace weir::notify

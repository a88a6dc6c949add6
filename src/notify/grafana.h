// Grafana: a run as an annotation: a mark when it starts, a region when it has ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "notify/http_call.h"
#include "notify/notice.h"
#include "plan/notices/notify_rules.h"

namespace weir::notify {

struct Grafana {
    std::string url;
    std::string authorization;                  // bearer()
    const plan::GrafanaRules* rules = nullptr;  // dashboard, panel, tags
};

/// Source: Grafana HTTP API, "Annotations": POST /api/annotations; times in milliseconds of Unix
/// time. The text is HTML there, so ours is escaped.
[[nodiscard]] HttpCall mark_call(const Grafana& to, const Notice& started);
/// The annotation's id; 0 when the answer has none.
[[nodiscard]] std::uint64_t annotation_id_in(std::string_view answer);
/// From `start` to the verdict's time: PATCH of the annotation, or, without an id, a whole one.
[[nodiscard]] HttpCall region_call(const Grafana& to,
                                   base::WallTime start,
                                   const Notice& verdict,
                                   std::uint64_t annotation_id);

}  // namespace weir::notify

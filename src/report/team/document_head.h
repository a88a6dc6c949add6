// DocumentHead: what every document of the team's page begins with. For this folder's .cc files.
#pragma once

#include <string_view>

#include "base/json.h"
#include "record/wall_text.h"
#include "report/team/store_state.h"

namespace weir::report {

/// "weir.history", "weir.bypasses", "weir.suites".
[[nodiscard]] inline base::Json document_head(std::string_view format, const StoreState& store) {
    return {{"format", format},
            {"version", 1},
            {"asOf", record::to_text(store.read_at)},
            {"store", store.absent ? "absent" : "read"}};
}

/// Only what is known is there.
inline void put_text(base::Json& object, std::string_view key, std::string_view text) {
    if (!text.empty()) object[key] = text;
}

}  // namespace weir::report

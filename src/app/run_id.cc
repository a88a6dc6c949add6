#include "app/run_id.h"

#include "base/format.h"
#include "base/random.h"
#include "record/wall_text.h"
#include "rt/clock.h"

namespace weir::app {

std::string new_run_id() {
    // "2026-11-23T22:54:00.…" without its punctuation.
    const std::string wall = record::to_text(rt::SystemClock().wall());
    std::string compact;
    for (const char c : wall.substr(0, 19)) {
        if (c != '-' && c != ':') compact += c;
    }
    return base::format("{}Z-{:08x}", compact, base::entropy() >> 32U);
}

}  // namespace weir::app

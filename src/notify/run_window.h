// RunWindow: the time during which a run may cause alerts, as it is planned and as it turned out.
#pragma once

#include <string>

#include "base/time.h"

namespace weir::notify {

struct RunWindow {
    std::string run_id;
    std::string suite;
    std::string environment;
    std::string base_url;
    std::string load;    // "25/s"
    std::string commit;  // what is tested; empty: not known
    base::WallTime start{};
    base::WallTime planned_end{};
    [[nodiscard]] bool operator==(const RunWindow&) const = default;
};

}  // namespace weir::notify

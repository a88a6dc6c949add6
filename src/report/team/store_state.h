// StoreState: when the history store was read, and whether there is one yet: in every document of
// the team's page.
#pragma once

#include "base/time.h"

namespace weir::report {

struct StoreState {
    base::WallTime read_at{};
    bool absent = false;  // no gate has kept a run yet
};

}  // namespace weir::report

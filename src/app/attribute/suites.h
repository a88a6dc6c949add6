// The suites whose runs may have caused an alert, and the one answer that follows from all of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/attribute/store_watch.h"
#include "notify/attribution.h"

namespace weir::app {

struct WatchedSuite {
    std::string name;
    std::string store;  // URL of the history store
    notify::AttributionScope scope;
};

/// What each suite's store said, in their order.
using StoreViews = std::vector<std::shared_ptr<const StoreWatch::View>>;

/// A run's when it is one of some suite's, and no suite calls it real in any case. A store that
/// cannot be asked explains nothing.
[[nodiscard]] notify::Cause cause_among(const notify::Alert& alert,
                                        const std::vector<WatchedSuite>& suites,
                                        const StoreViews& views,
                                        base::WallTime now);

}  // namespace weir::app

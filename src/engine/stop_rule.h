// StopRule: looks at what was counted so far and says whether the run should end; abortOnFail is
// one. An Observer looks alone.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "meter/snapshot.h"
#include "record/metric.h"
#include "record/pairs.h"
#include "record/run_record.h"

namespace weir::engine {

/// What a rule may look at. k6 evaluates thresholds every two seconds; so do we.
struct SoFar {
    const std::vector<record::MetricSpec>& metrics;
    const meter::Snapshot& totals;
    const std::vector<record::PairSeries>& pairs;  // of a duet
    base::Nanos elapsed{};
    bool ended = false;  // the run is over, and this is all
};

/// How, and in words why, a run ends.
struct Stop {
    record::EndKind kind = record::EndKind::aborted_by_threshold;
    std::string words;
};

/// Rules compose by "or": the first that speaks wins.
using StopRule = std::function<std::optional<Stop>(const SoFar&)>;

inline constexpr base::Nanos stop_rule_interval = std::chrono::seconds(2);

/// Sees what was counted so far and has no say: a live view, telemetry. Called on the control
/// thread, which offers no load; a look that takes long delays the next ones, never an iteration.
struct Observer {
    base::Nanos every = std::chrono::seconds(1);  // whole seconds
    std::function<void(const SoFar&)> look;       // once more when the run has ended, with all
    /// Of no use to it: totals.windows and pairs may be empty, but for the last look.
    bool series_alone = false;
    std::function<base::Nanos()> pace{};  // instead of `every`, asked before each look; may be null
};

}  // namespace weir::engine

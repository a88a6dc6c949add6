// Moment: all that a run has counted at one time, as a value that outputs may keep.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/metric.h"

namespace weir::telemetry {

/// Cumulative: since the run began. Series are in the order of their metrics, each with its tags
/// once.
struct Moment {
    std::vector<record::MetricSpec> metrics;
    std::vector<record::Series> series;
    base::WallTime at{};
    base::WallTime since{};  // when counting began
    bool last = false;       // the run is over

    [[nodiscard]] const record::MetricSpec& spec_of(const record::Series& each) const {
        return metrics[static_cast<std::size_t>(each.metric)];
    }
};
using SharedMoment = std::shared_ptr<const Moment>;

/// What an output does with the tags of series.
struct TagRules {
    std::map<std::string, std::string> added;      // where there is none of that name
    std::vector<std::string> left_out;             // series that differ in these alone become one
    std::optional<std::vector<std::string>> kept;  // all others are left out, too
};

/// The same figures under an output's tags; empty tags are left out, as they say nothing.
[[nodiscard]] Moment with_tags(Moment moment, const TagRules& rules);

}  // namespace weir::telemetry

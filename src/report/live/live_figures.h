// LiveFigures: totals that grow become what happened lately; rules become marks with figures.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "plan/threshold.h"
#include "record/metric_view.h"
#include "record/verdict.h"
#include "report/live/live_state.h"
#include "stats/histogram.h"

namespace weir::report {

/// Remembers totals for as long as "lately" lasts, in constant memory.
class LiveFigures {
public:
    static constexpr base::Nanos lately = std::chrono::seconds(10);

    /// Fills in all of `into` that comes of totals and counts; of parts, the times by the tag
    /// `side` when there are such.
    void look(const LiveCounts& counts, const record::MetricView& totals, LiveState& into);

private:
    struct Moment {
        LiveCounts counts;
        std::uint64_t requests = 0;
        std::uint64_t failed = 0;
        stats::Histogram times;  // ns
    };
    std::deque<Moment> moments_;  // the oldest first; the first is about `lately` ago
};

/// Times of what `now` has more than `before`, a part of it.
[[nodiscard]] LiveTimes times_between(const stats::Histogram& before, const stats::Histogram& now);

/// "98.72 % of 512", "412 ms": what a finding says in few words; empty without samples.
[[nodiscard]] std::string figure_of(const record::Finding& finding);
[[nodiscard]] std::vector<LiveRule> rules_of(std::span<const record::Finding> findings);
/// A threshold is held or crossed at any moment, and undecided without samples.
[[nodiscard]] std::vector<LiveRule> rules_of(std::span<const plan::ThresholdSet> thresholds,
                                             const record::MetricView& totals);

}  // namespace weir::report

// The baseline from history: is this run slower than the last ones of the same suite?
#pragma once

#include <span>
#include <string>
#include <vector>

#include "judge/practical_threshold.h"
#include "record/history.h"
#include "record/verdict.h"

namespace weir::judge {

struct BaselineRule {
    PracticalThreshold threshold;
    double level = 0.01;  // that an unchanged service is called slower, over all requests together
    std::size_t runs_least = 5;
};

/// A finding for each request: its median and its 95 % quantile against where the next run of the
/// same kind would lie (stats/predictive.h), from `past`, newest first, of valid runs. Runs before
/// the last change point are left out when enough remain. With fewer than runs_least: undecided,
/// and it says that there is no baseline yet. Between runs everything differs a little, so the
/// spread is that of the runs, never that of the samples within one.
[[nodiscard]] std::vector<record::Finding> compare_with_history(
    std::span<const record::RequestFigures> now,
    std::span<const record::PastRun> past,
    const BaselineRule& rule);

}  // namespace weir::judge

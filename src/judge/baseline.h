// The baseline from history: is this run slower than the last ones of the same suite?
#pragma once

#include <span>
#include <string>
#include <vector>

#include "judge/baseline_limit.h"
#include "judge/signals.h"
#include "record/baseline_change.h"
#include "record/history.h"
#include "record/verdict.h"

namespace weir::judge {

/// Limits for the median and the 95 % quantile of each request of the newest of `past` (newest
/// first, runs that passed): where the next run of the same kind would lie (stats/predictive.h).
/// Runs before the last change point are left out when enough remain; a request with fewer than
/// runs_least has no limit. Between runs everything differs a little, so the spread is that of the
/// runs, never that of the samples within one.
[[nodiscard]] Baseline draw_baseline(std::span<const record::PastRun> past,
                                     const plan::BaselineRule& rule);

/// A finding for each limit whose request this run has often enough, 20 times for a median and 100
/// for a quantile.
[[nodiscard]] std::vector<record::Finding> compare_with_baseline(
    std::span<const record::RequestFigures> now, const Baseline& baseline);

/// What is to be known and decides nothing: no baseline yet, requests that could not be compared,
/// and, when the suite wants a report alone, those that are slower by `findings`.
void note_baseline(std::span<const record::RequestFigures> now,
                   std::span<const record::Finding> findings,
                   const Baseline& baseline,
                   Signals& signals);

/// Every limit beside what this run has, in the order of the limits: for reports.
[[nodiscard]] std::vector<record::BaselineChange> baseline_changes(
    std::span<const record::RequestFigures> now, const Baseline& baseline);
/// What there is to compare with, or why there is nothing; a sentence without its full stop.
[[nodiscard]] std::string words_of(const Baseline& baseline);

}  // namespace weir::judge

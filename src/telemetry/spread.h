// Spread: many values told by few that weigh the same, so that means, sums and percentiles agree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "record/metric.h"

namespace weir::telemetry {

/// The values of a change in order, cut into `points` parts of equal weight; each part is told by
/// its mean. So the mean of the points is that of the values, to rounding: the points are scaled
/// for the exact sum. A percentile of the points lies within the part of the values where the
/// percentile of the values is; where there are as many points as values it is the value, within
/// the bucket that it was counted in (a thousandth of it). Of a rate the values are 1 and 0. None
/// for no values, and at most as many as there are.
[[nodiscard]] std::vector<double> spread(const stats::Distribution& values, std::size_t points);
[[nodiscard]] std::vector<double> spread(const record::RateTotal& values, std::size_t points);

/// How many points each of several changes gets: all of them, when there is room for so many; else
/// in proportion, so that a point weighs about the same in each, and at least one.
[[nodiscard]] std::vector<std::size_t> shares(const std::vector<std::uint64_t>& counts,
                                              std::size_t room);

}  // namespace weir::telemetry

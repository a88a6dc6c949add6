// Distribution of a report: figures, HdrHistogram's percentile plot and a histogram, all bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/json.h"
#include "stats/distribution.h"

namespace weir::report {

inline constexpr std::size_t percentiles_most = 60;
inline constexpr std::size_t bins_most = 60;

/// (share of values at or below, the value), ascending in the share; ends with (1, greatest). As
/// HdrHistogram's percentile plot: the same number of points each time the rest is halved, down to
/// single values. Source: HdrHistogram,
/// AbstractHistogram.percentiles(percentileTicksPerHalfDistance).
[[nodiscard]] std::vector<std::pair<double, double>> percentile_plot(
    const stats::Distribution& values);

struct Bin {
    double from = 0;
    double to = 0;
    std::uint64_t count = 0;
};
/// Bins of equal width on a logarithmic scale, without empty ones at the ends; values below a
/// microsecond are in the first. Of a distribution of times (CHECKed).
[[nodiscard]] std::vector<Bin> log_histogram(const stats::Distribution& times);

/// What document.ts calls a Distribution. Not of an empty one (CHECKed).
[[nodiscard]] base::Json distribution_json(const stats::Distribution& times);

}  // namespace weir::report

// Predictive: where the next run's figure lies, when it is one of the same kind as the last ones.
#pragma once

#include <span>

#include "stats/interval.h"

namespace weir::stats {

/// For the next of positive `values` (at least two, CHECKed), on the log scale: mean ± t s √(1 +
/// 1/n) with n - 1 degrees of freedom. Source: Hahn & Meeker, "Statistical Intervals", 1991,
/// section 4.7. The spread s is taken as `spread_least` (of the logarithm) at least: five runs that
/// happen to be equal do not make the sixth a regression. `level` is that of both sides together.
[[nodiscard]] Interval predictive_interval(std::span<const double> values,
                                           double level,
                                           double spread_least);

}  // namespace weir::stats

// Quantile: exact quantiles of values at hand, by linear interpolation between ranks.
#pragma once

#include <span>

namespace weir::stats {

/// k6's p(x), x = 100 q: with position q * (n - 1), between the values at its floor and ceiling.
/// (Hyndman & Fan 1996, definition 7.) `sorted` ascending; 0 when empty; q in [0, 1] (CHECKed).
[[nodiscard]] double quantile_of_sorted(std::span<const double> sorted, double q);

}  // namespace weir::stats

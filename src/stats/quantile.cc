#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/assert.h"

namespace weir::stats {

double quantile_of_sorted(std::span<const double> sorted, double q) {
    CHECK(q >= 0 && q <= 1);
    if (sorted.empty()) return 0;
    const double position = q * static_cast<double>(sorted.size() - 1);
    const auto rank = std::min(static_cast<std::size_t>(position), sorted.size() - 1);
    const double low = sorted[rank];
    if (rank + 1 == sorted.size()) return low;
    return low + (sorted[rank + 1] - low) * (position - std::floor(position));
}

}  // namespace weir::stats

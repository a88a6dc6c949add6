// Change points: where a series of runs begins to be another one.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace weir::stats {

/// Indices at which a new level begins, ascending; each side of one has four values at least.
/// Binary segmentation as in E-divisive (Matteson & James 2014), with Student's t-test in place of
/// permutations, as Hunter does (Fleming et al., ICPE 2023); `level` is the chance that a series
/// without change points has one, at most, by Bonferroni over all places of a split.
[[nodiscard]] std::vector<std::size_t> change_points(std::span<const double> values,
                                                     double level = 0.01);

}  // namespace weir::stats

// Mann-Whitney: the test that canary judges use, as a rival to ours; it takes samples to be
// independent.
#pragma once

#include <span>

#include "stats/paired.h"

namespace weir::power {

/// Are the candidate's latencies larger than the baseline's, each of these made (1 + `relative`)
/// times as long? One-sided at 1 %, by the normal approximation of U, good from some twenty samples
/// a side on; latencies that are equal share their rank.
/// Source: Mann & Whitney, Annals of Mathematical Statistics 18, 1947.
[[nodiscard]] bool mann_whitney_says_slower(std::span<const stats::Pair> pairs, double relative);

}  // namespace weir::power

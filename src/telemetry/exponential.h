// Exponential buckets: a trend's values as Prometheus' native and OpenTelemetry's histograms have
// them.
#pragma once

#include <cstdint>
#include <vector>

#include "stats/distribution.h"

namespace weir::telemetry {

/// counts[i] values lie in (base^(offset + i), base^(offset + i + 1)] with base = 2^(2^-scale);
/// scale 0..8.
struct ExponentialBuckets {
    int offset = 0;
    std::vector<std::uint64_t> counts;
};

struct ExponentialHistogram {
    int scale = 0;
    std::uint64_t zeros = 0;
    ExponentialBuckets positive;
    ExponentialBuckets negative;  // by magnitude
};

/// Values in the trend's unit times `factor`. The scale is at most `scale_most` and the finest with
/// which either side has at most `buckets_most`. A value of ours is known to a thousandth, so that
/// one near a boundary may be on the other side of it; at scale 5 a bucket is 22 thousandths wide.
/// Source: opentelemetry.io, "Metrics Data Model", ExponentialHistogram.
[[nodiscard]] ExponentialHistogram exponential(const stats::Distribution& values,
                                               double factor,
                                               int scale_most,
                                               std::size_t buckets_most);

}  // namespace weir::telemetry

#include "telemetry/exponential.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace weir::telemetry {
namespace {

using Indexed = std::map<int, std::uint64_t>;

/// base^index < value <= base^(index + 1)
int index_of(double value, int scale) {
    return static_cast<int>(std::ceil(std::ldexp(std::log2(value), scale))) - 1;
}

/// How our buckets' values are read: in `unit`, and from the middle of the bucket or, where they
/// are whole numbers, from its beginning: those like to be powers of two, which are boundaries.
struct Reading {
    double unit = 1;
    double place = 0.5;
    int scale = 0;
};

Indexed indexed(const stats::Histogram& histogram, const Reading& reading, std::uint64_t& zeros) {
    Indexed counts;
    histogram.for_each([&](const stats::Histogram::Bucket& bucket) {
        const double inside = static_cast<double>(bucket.width - 1) * reading.place;
        const double value = (static_cast<double>(bucket.low) + inside) * reading.unit;
        if (std::isnormal(value)) {
            counts[index_of(value, reading.scale)] += bucket.count;
        } else {
            zeros += bucket.count;
        }
    });
    return counts;
}

std::size_t span_of(const Indexed& counts) {
    return counts.empty()
               ? 0
               : static_cast<std::size_t>(counts.rbegin()->first - counts.begin()->first) + 1;
}

/// One scale coarser: two buckets become one.
Indexed halved(const Indexed& counts) {
    Indexed coarse;
    for (const auto& [index, count] : counts) coarse[index >> 1] += count;
    return coarse;
}

ExponentialBuckets buckets_of(const Indexed& counts) {
    ExponentialBuckets buckets;
    if (counts.empty()) return buckets;
    buckets.offset = counts.begin()->first;
    buckets.counts.resize(span_of(counts));
    for (const auto& [index, count] : counts) {
        buckets.counts[static_cast<std::size_t>(index - buckets.offset)] = count;
    }
    return buckets;
}

}  // namespace

ExponentialHistogram exponential(const stats::Distribution& values,
                                 double factor,
                                 int scale_most,
                                 std::size_t buckets_most) {
    const bool time = values.kind() == stats::Distribution::Kind::time;
    const double unit = time ? 1e-6 : std::ldexp(1.0, std::clamp(values.exponent(), -1000, 1000));
    const Reading reading{
        .unit = factor * unit, .place = values.whole() ? 0 : 0.5, .scale = scale_most};
    ExponentialHistogram made{.scale = scale_most, .zeros = 0, .positive = {}, .negative = {}};
    Indexed positive = indexed(values.positive(), reading, made.zeros);
    Indexed negative;
    if (values.negative() != nullptr) {
        negative = indexed(*values.negative(), reading, made.zeros);
    }
    while (made.scale > -4 && std::max(span_of(positive), span_of(negative)) > buckets_most) {
        positive = halved(positive);
        negative = halved(negative);
        made.scale -= 1;
    }
    made.positive = buckets_of(positive);
    made.negative = buckets_of(negative);
    return made;
}

}  // namespace weir::telemetry

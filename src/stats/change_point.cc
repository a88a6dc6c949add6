#include "stats/change_point.h"

#include <algorithm>
#include <cmath>

#include "stats/student.h"

namespace weir::stats {
namespace {

constexpr std::size_t side_least = 4;

struct Moments {
    double mean = 0;
    double variance = 0;
    double count = 0;
};
Moments moments_of(std::span<const double> values) {
    Moments moments{.mean = 0, .variance = 0, .count = static_cast<double>(values.size())};
    for (const double each : values) moments.mean += each / moments.count;
    for (const double each : values) {
        moments.variance += (each - moments.mean) * (each - moments.mean) / (moments.count - 1);
    }
    return moments;
}

/// P of so great a difference, by Student's test with a common spread: a side may have four values
/// alone, too few to know their own.
double difference_by_chance(std::span<const double> left, std::span<const double> right) {
    const Moments a = moments_of(left);
    const Moments b = moments_of(right);
    const double degrees = a.count + b.count - 2;
    const double pooled = ((a.count - 1) * a.variance + (b.count - 1) * b.variance) / degrees;
    const double difference = a.mean - b.mean;
    constexpr double rounding = 1e-12;
    if (std::abs(difference) <= rounding * std::abs(a.mean)) return 1;
    if (pooled <= 0) return 0;
    return student_two_sided(difference / std::sqrt(pooled * (1 / a.count + 1 / b.count)), degrees);
}

void split(std::span<const double> values,
           std::size_t offset,
           double level,
           std::vector<std::size_t>& found) {
    if (values.size() < 2 * side_least) return;
    double least = 1;
    std::size_t place = 0;
    for (std::size_t i = side_least; i + side_least <= values.size(); ++i) {
        const double p = difference_by_chance(values.first(i), values.subspan(i));
        if (p >= least) continue;
        least = p;
        place = i;
    }
    const auto places = static_cast<double>(values.size() - 2 * side_least + 1);
    if (place == 0 || least * places > level) return;
    split(values.first(place), offset, level, found);
    found.push_back(offset + place);
    split(values.subspan(place), offset + place, level, found);
}

}  // namespace

std::vector<std::size_t> change_points(std::span<const double> values, double level) {
    std::vector<std::size_t> found;
    split(values, 0, level, found);
    return found;
}

}  // namespace weir::stats

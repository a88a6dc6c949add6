#include "stats/predictive.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "stats/student.h"

namespace weir::stats {

Interval predictive_interval(std::span<const double> values, double level, double spread_least) {
    CHECK(values.size() >= 2);
    const auto count = static_cast<double>(values.size());
    double mean = 0;
    for (const double each : values) {
        CHECK(each > 0);
        mean += std::log(each) / count;
    }
    double squares = 0;
    for (const double each : values) squares += (std::log(each) - mean) * (std::log(each) - mean);
    const double spread = std::max(std::sqrt(squares / (count - 1)), spread_least);
    const double half =
        student_quantile(1 - level / 2, count - 1) * spread * std::sqrt(1 + 1 / count);
    return {std::exp(mean - half), std::exp(mean + half)};
}

}  // namespace weir::stats

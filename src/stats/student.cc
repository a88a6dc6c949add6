#include "stats/student.h"

#include <cmath>

#include "base/assert.h"
#include "stats/interval.h"

namespace weir::stats {

double student_two_sided(double t, double degrees) {
    CHECK(degrees > 0);
    return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t));
}

double student_quantile(double p, double degrees) {
    CHECK(p > 0.5 && p < 1);
    double low = 0;
    double high = 1;
    const double tail = 2 * (1 - p);
    while (student_two_sided(high, degrees) > tail) high *= 2;
    constexpr double precise = 1e-9;
    while (high - low > precise * (1 + high)) {
        const double middle = (low + high) / 2;
        (student_two_sided(middle, degrees) > tail ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace weir::stats

#include "stats/interval.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/assert.h"

namespace weir::stats {
namespace {

constexpr int beta_terms_most = 100'000;

/// ln B(a, b). lgamma_r, for lgamma writes a global.
double log_beta(double a, double b) {
    int sign = 0;
    return lgamma_r(a, &sign) + lgamma_r(b, &sign) - lgamma_r(a + b, &sign);
}

/// The continued fraction of I_x(a, b) by the modified Lentz method. Source:
/// DLMF 8.17.22, 3.10(iii); converges in O(sqrt(max(a, b))) steps for x below (a + 1) / (a + b +
/// 2).
double beta_fraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    constexpr double precision = 1e-15;
    const auto away_from_zero = [](double v) { return std::fabs(v) < tiny ? tiny : v; };
    double c = 1;
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int i = 1; i < beta_terms_most; ++i) {
        const double m = i;
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        value *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        const double step = d * c;
        value *= step;
        if (std::fabs(step - 1) < precision) break;
    }
    return value;
}

/// The x with I_x(a, b) = p, by bisection: 60 halvings reach the last bit and cannot go astray.
double incomplete_beta_inverse(double a, double b, double p) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (incomplete_beta(a, b, middle) < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

/// The least k in [0, n] for which `holds`, which stays true once it is; n when it never is.
template <typename Holds>
std::uint64_t least_count(std::uint64_t n, Holds&& holds) {
    std::uint64_t low = 0;
    std::uint64_t high = n;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (holds(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

double alpha_half(double confidence) {
    CHECK(confidence > 0 && confidence < 1);
    return (1 - confidence) / 2;
}

}  // namespace

double incomplete_beta(double a, double b, double x) {
    CHECK(a > 0 && b > 0);
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front = std::exp(a * std::log(x) + b * std::log1p(-x) - log_beta(a, b));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double binomial_cdf(std::uint64_t k, std::uint64_t n, double p) {
    if (k >= n) return 1;
    // DLMF 8.17.5 turned around: P(X <= k) = I_{1-p}(n - k, k + 1).
    return incomplete_beta(static_cast<double>(n - k), static_cast<double>(k) + 1, 1 - p);
}

/// Acklam's rational approximation (2003; relative error 1.2e-9), then one step of Halley's method.
double normal_quantile(double p) {
    CHECK(p > 0 && p < 1);
    constexpr std::array<double, 6> a = {-3.969683028665376e+01, 2.209460984245205e+02,
                                         -2.759285104469687e+02, 1.383577518672690e+02,
                                         -3.066479806614716e+01, 2.506628277459239e+00};
    constexpr std::array<double, 5> b = {-5.447609879822406e+01, 1.615858368580409e+02,
                                         -1.556989798598866e+02, 6.680131188771972e+01,
                                         -1.328068155288572e+01};
    constexpr std::array<double, 6> c = {-7.784894002430293e-03, -3.223964580411365e-01,
                                         -2.400758277161838e+00, -2.549732539343734e+00,
                                         4.374664141464968e+00,  2.938163982698783e+00};
    constexpr std::array<double, 4> d = {7.784695709041462e-03, 3.224671290700398e-01,
                                         2.445134137142996e+00, 3.754408661907416e+00};
    constexpr double tail = 0.02425;
    const double outer = std::min(p, 1 - p);
    double x = 0;  // for the lower half; mirrored at the end
    if (outer < tail) {
        const double q = std::sqrt(-2 * std::log(outer));
        x = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
            ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    } else {
        const double q = outer - 0.5;
        const double r = q * q;
        x = (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
            (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
    }
    const double error = 0.5 * std::erfc(-x / std::sqrt(2.0)) - outer;
    const double step = error * std::sqrt(2 * M_PI) * std::exp(x * x / 2);
    x -= step / (1 + x * step / 2);
    return p <= 0.5 ? x : -x;
}

Interval wilson(std::uint64_t hits, std::uint64_t trials, double confidence) {
    CHECK(hits <= trials);
    const double z = -normal_quantile(alpha_half(confidence));
    if (trials == 0) return {0, 1};
    const auto n = static_cast<double>(trials);
    const double share = static_cast<double>(hits) / n;
    const double scale = 1 + z * z / n;
    const double middle = (share + z * z / (2 * n)) / scale;
    const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale;
    return {.low = hits == 0 ? 0 : std::max(0.0, middle - half),
            .high = hits == trials ? 1 : std::min(1.0, middle + half)};
}

Interval clopper_pearson(std::uint64_t hits, std::uint64_t trials, double confidence) {
    CHECK(hits <= trials);
    const double alpha = alpha_half(confidence);
    const auto k = static_cast<double>(hits);
    const auto n = static_cast<double>(trials);
    Interval interval;
    if (hits > 0) interval.low = incomplete_beta_inverse(k, n - k + 1, alpha);
    if (hits < trials) interval.high = incomplete_beta_inverse(k + 1, n - k, 1 - alpha);
    return interval;
}

RankInterval quantile_ranks(std::uint64_t n, double q, double confidence) {
    CHECK(n > 0 && q > 0 && q < 1);
    const double alpha = alpha_half(confidence);
    // With B ~ binomial(n, q) values under the quantile, it lies at or above the value of rank r
    // (0-based) unless B <= r, and at or below it unless B > r.
    // Greatest r with P(B <= r) <= alpha.
    const std::uint64_t over =
        least_count(n, [&](std::uint64_t k) { return binomial_cdf(k, n, q) > alpha; });
    // Least r with P(B > r) <= alpha; rank n would be needed when even n - 1 does not do.
    const std::uint64_t enough =
        least_count(n, [&](std::uint64_t k) { return 1 - binomial_cdf(k, n, q) <= alpha; });
    return {.low = over == 0 ? 0 : over - 1,
            .high = std::min(enough, n - 1),
            .low_open = over == 0,
            .high_open = enough >= n};
}

}  // namespace weir::stats

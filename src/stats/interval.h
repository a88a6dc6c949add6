// Interval: how sure a share or a quantile is, from so many independent observations.
#pragma once

#include <cstdint>

namespace weir::stats {

struct Interval {
    double low = 0;
    double high = 1;
    [[nodiscard]] bool contains(double value) const noexcept {
        return low <= value && value <= high;
    }
};

/// Two-sided intervals for the share behind `hits` of `trials`; `confidence` in (0, 1), e.g. 0.99.
/// CHECKs hits <= trials. Without trials: [0, 1].
/// All assume independent trials: for samples within one run use them block-wise.

/// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
/// Coverage close to `confidence` on average; short.
[[nodiscard]] Interval wilson(std::uint64_t hits, std::uint64_t trials, double confidence);
/// Clopper & Pearson, "The use of confidence or fiducial limits", Biometrika 26, 1934.
/// Coverage at least `confidence`, whatever the share.
[[nodiscard]] Interval clopper_pearson(std::uint64_t hits, std::uint64_t trials, double confidence);

/// Ranks (0-based, inclusive) between whose values the q-quantile lies with at least `confidence`.
struct RankInterval {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool low_open = false;   // too few values: nothing can be said below
    bool high_open = false;  // … or above; then `high` is the last rank
};
/// Order statistics: the number of values under the true quantile is binomial(n, q). David &
/// Nagaraja, "Order Statistics", 3rd ed. 2003, section 7.1. n > 0, q in (0, 1) (CHECKed).
[[nodiscard]] RankInterval quantile_ranks(std::uint64_t n, double q, double confidence);

/// Inverse of the standard normal distribution, p in (0, 1) (CHECKed); relative error under 1e-14.
[[nodiscard]] double normal_quantile(double p);
/// Regularised incomplete beta I_x(a, b), a and b > 0; absolute error about 1e-13.
[[nodiscard]] double incomplete_beta(double a, double b, double x);
/// P(X <= k) for X binomial(n, p).
[[nodiscard]] double binomial_cdf(std::uint64_t k, std::uint64_t n, double p);

}  // namespace weir::stats

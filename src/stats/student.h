// Student's t distribution, for means of few values whose spread is estimated from them.
#pragma once

namespace weir::stats {

/// P(|T| >= |t|) with `degrees` > 0 of freedom. Source: Abramowitz & Stegun, "Handbook of
/// Mathematical Functions", 26.7.1, by the incomplete beta function.
[[nodiscard]] double student_two_sided(double t, double degrees);
/// The t that a value exceeds with probability 1 - p, p in (0.5, 1); by bisection, to 1e-9.
[[nodiscard]] double student_quantile(double p, double degrees);

}  // namespace weir::stats

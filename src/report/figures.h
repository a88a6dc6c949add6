// Figures as k6's summary prints them: durations, bytes, counts, shares.
#pragma once

#include <string>
#include <string_view>

#include "record/metric_view.h"
#include "record/threshold_result.h"
#include "record/verdict.h"

namespace weir::report {

/// `unit`: "" chooses per value (1.23s, 45.6ms, 7.8µs), "s", "ms" or "us" fixes it.
[[nodiscard]] std::string duration_text(double ms, std::string_view unit);
/// "1.2 kB", "34 MB": powers of 1000, as k6.
[[nodiscard]] std::string bytes_text(double bytes);
/// Up to 6 digits after the point, no trailing zeros.
[[nodiscard]] std::string number_text(double value);
[[nodiscard]] std::string percent_text(double share);
/// What a threshold was compared with: "p(95)=1.21s", "rate=99.20%"; `unit` as for durations.
[[nodiscard]] std::string threshold_figure(const record::MetricSpec& spec,
                                           const record::ThresholdResult& result,
                                           std::string_view unit);
/// What documents for programs call a unit: "share", "ms", "per_second", "plain".
[[nodiscard]] std::string_view unit_word(record::FigureUnit unit) noexcept;
/// A trend's figure by k6's name: avg, min, med, max, count, p(95).
[[nodiscard]] double trend_figure(const record::Selected& trend, std::string_view name);

}  // namespace weir::report

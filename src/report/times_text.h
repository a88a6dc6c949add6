// Response times of named requests as little histograms, and the slowest request with its cause.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "record/evidence.h"
#include "record/run_record.h"
#include "stats/histogram.h"

namespace weir::report {

/// Where a row of bars lies; `low` and `high` in nanoseconds, 0 < low < high.
struct BarScale {
    double low = 1;
    double high = 2;
    std::size_t columns = 32;
    bool unicode = true;  // else ASCII
};
/// Counts of logarithmically spaced parts, as heights: "▁▂▇▅ ▁". What is there is never invisible.
[[nodiscard]] std::string bars_of(const stats::Histogram& times, const BarScale& scale);
/// What belongs under it: "   ↑50      ↑95/99". Without blanks at the end.
[[nodiscard]] std::string marks_of(const stats::Histogram& times, const BarScale& scale);

/// The slowest requests by their 95th percentile, at most five, on one scale; those with fewer than
/// ten answers and steps of signing in are left out. Two lines each; empty when there is none.
[[nodiscard]] std::string times_text(const record::RunRecord& record, bool unicode);

/// "7.61s dashboard, trace 4bf92f3577b34da6a3ce929d0e0e4736, db 7.21s": what the target said took
/// longest comes first, at most three parts.
[[nodiscard]] std::string slowest_text(const record::Exchange& exchange);
/// The slowest one of that request; of all when `request` is empty; null when there is none.
[[nodiscard]] const record::Exchange* slowest_of(const record::Evidence& evidence,
                                                 std::string_view request);

}  // namespace weir::report

// FindingWords: a finding's figures with their units, for tables and test results.
#pragma once

#include <string>

#include "record/baseline_change.h"
#include "record/verdict.h"

namespace weir::report {

/// "97.20 %", "1.23s", "20.5 per second", "412"
[[nodiscard]] std::string value_text(const record::Finding& finding, double value);
/// "97.10 to 98.30 %"; empty when it says nothing (has_interval).
[[nodiscard]] std::string interval_text(const record::Finding& finding);
/// "median of `dashboard`: 812.3 ms, usually 401.2 ms, 330.1 to 480.0 ms expected, slower"
[[nodiscard]] std::string change_text(const record::BaselineChange& change);

}  // namespace weir::report

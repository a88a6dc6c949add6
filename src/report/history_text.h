// The history of a suite's runs for people: trend, change points, flake and invalid rates.
#pragma once

#include <span>
#include <string>

#include "record/history.h"

namespace weir::report {

/// `runs` newest first, of one suite and environment. A line a run, a line a condition, and rates.
[[nodiscard]] std::string history_text(std::span<const record::PastRun> runs);
/// The same as a JSON document.
[[nodiscard]] std::string history_json(std::span<const record::PastRun> runs);

}  // namespace weir::report

// PlannedArrivals: how many journeys were to begin in each window of a run, whatever the target
// did.
#pragma once

#include <vector>

#include "record/run_record.h"

namespace weir::report {

/// One entry a window. From the rates in the record's options, up to what was due when the run
/// ended. Where not all scenarios have an arrival rate, or the options do not say: those that began
/// and those that were dropped.
[[nodiscard]] std::vector<double> planned_arrivals(const record::RunRecord& record);

}  // namespace weir::report

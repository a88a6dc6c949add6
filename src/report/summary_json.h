// The data that k6 gives to handleSummary, and the older form that --summary-export writes.
#pragma once

#include <string>
#include <vector>

#include "plan/threshold.h"
#include "record/run_record.h"

namespace weir::report {

struct SummarySettings {
    std::vector<std::string> trend_stats{"avg", "min", "med", "max", "p(90)", "p(95)"};
    std::string time_unit;  // "", "s", "ms", "us"
    std::vector<plan::ThresholdSet> thresholds;
    bool strict_compat = false;  // no samples: passes
    bool no_color = false;
    bool out_is_tty = false;
    bool error_is_tty = false;
    bool unicode = true;  // else what Weir adds to k6's summary is drawn in ASCII
};

/// handleSummary's argument. Source: k6 documentation, "Custom summary".
[[nodiscard]] std::string summary_data(const record::RunRecord& record,
                                       const SummarySettings& settings);
/// --summary-export: figures flat in each metric; a threshold is true when it was CROSSED (k6's old
/// form).
[[nodiscard]] std::string summary_export(const record::RunRecord& record,
                                         const SummarySettings& settings);

}  // namespace weir::report

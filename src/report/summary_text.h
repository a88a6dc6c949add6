// The end-of-test summary that a k6 user expects, and what Weir adds to it.
#pragma once

#include <string>

#include "record/run_record.h"
#include "report/summary_json.h"

namespace weir::report {

/// `colors`: ANSI colours. Ends with a newline.
[[nodiscard]] std::string summary_text(const record::RunRecord& record,
                                       const SummarySettings& settings,
                                       bool colors);

}  // namespace weir::report

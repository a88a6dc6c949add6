// Where the end-of-test summary goes: handleSummary's files, the terminal, --summary-export.
#pragma once

#include <string>

#include "app/script_run.h"
#include "app/terminal.h"
#include "base/result.h"
#include "plan/options.h"
#include "record/run_record.h"
#include "report/summary_json.h"

namespace weir::app {

struct SummaryWishes {
    report::SummarySettings settings;
    std::string mode;         // compact, full, disabled
    std::string export_file;  // empty: none
};

[[nodiscard]] report::SummarySettings summary_settings(const plan::Options& options,
                                                       const Terminal& terminal,
                                                       bool strict_compat);
/// Runs handleSummary if the script has one, else prints the summary. The error names the file that
/// could not be written; everything else was.
[[nodiscard]] base::Result<void> write_summary(ScriptRun& run,
                                               const record::RunRecord& record,
                                               const SummaryWishes& wishes,
                                               const Terminal& terminal);

}  // namespace weir::app

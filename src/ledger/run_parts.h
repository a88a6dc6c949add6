// RunParts: what a run found, read for many runs at once: over a network it is the questions that
// take time.
#pragma once

#include <vector>

#include "base/result.h"
#include "record/history.h"

namespace weir::ledger {

class Database;

/// Fills in reasons, findings, signals and requests, by four statements for each 200 runs, within
/// the caller's transaction.
[[nodiscard]] base::Result<void> read_parts(Database& database,
                                            std::vector<record::PastRun>& runs,
                                            bool histograms);

}  // namespace weir::ledger

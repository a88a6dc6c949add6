// HistoryDocument: a suite's past runs as the team's page reads them; docs/history.md describes it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/history.h"
#include "report/team/store_state.h"

namespace weir::report {

/// Where a run's report is to be had.
struct ReportPlace {
    std::string path;   // relative to the page; empty: there is none
    std::string words;  // why there is none
};

struct HistoryView {
    std::string suite;
    std::string environment;
    std::string since;     // as it was asked for; empty: all
    std::size_t last = 0;  // so many runs at most
    bool more = false;     // there are older ones
    StoreState store;
    std::vector<record::PastRun> runs;            // newest first, of this suite and environment
    std::map<std::string, std::string> bypasses;  // of runs: the bypass that let each through
    std::map<std::string, ReportPlace> reports;   // of runs
};

/// Intervals of rates are at this confidence.
inline constexpr double rate_confidence = 0.95;

/// A JSON document, the same bytes for the same view; runs oldest first.
[[nodiscard]] std::string history_document(const HistoryView& view);

}  // namespace weir::report

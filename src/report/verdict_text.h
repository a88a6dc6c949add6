// A verdict for people: what, why, with which figures; and several side by side.
#pragma once

#include <string>
#include <vector>

#include "gate/decision.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::report {

struct VerdictStyle {
    bool colors = false;
    bool unicode = true;  // else little histograms are drawn in ASCII
};

/// When it is no pass: also how response times lie, and the slowest request of each condition that
/// is missed, with its trace and what the target said of it. Names do nothing to a terminal.
[[nodiscard]] std::string verdict_text(const record::RunRecord& record,
                                       const record::Verdict& verdict,
                                       const gate::Decision& decision,
                                       const VerdictStyle& style);

/// One column of a comparison.
struct Column {
    std::string title;
    std::vector<std::string> cells;
};
/// A table with the row names at the left; cells beyond the shortest column are left out.
[[nodiscard]] std::string side_by_side(const std::vector<std::string>& rows,
                                       const std::vector<Column>& columns);

}  // namespace weir::report

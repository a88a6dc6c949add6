// The figures of each kind of request as CSV, for spreadsheets.
#pragma once

#include <string>
#include <string_view>

#include "record/run_record.h"

namespace weir::report {

/// A header line, then one row a kind of request, in the order of the report document. Times in ms,
/// of answers that were expected, from the intended start; empty where there was none. Tags are
/// "key=value", divided by "; ". Lines end with CR LF. Source: RFC 4180.
[[nodiscard]] std::string requests_csv(const record::RunRecord& record);

/// One field, quoted where it must be.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace weir::report

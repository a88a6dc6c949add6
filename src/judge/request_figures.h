// RequestFigures of a record: what of its response times is remembered and compared.
#pragma once

#include <vector>

#include "record/history.h"
#include "record/run_record.h"

namespace weir::judge {

/// One for each journey and request name, without signing in. Times in ms, of the answers that were
/// expected.
[[nodiscard]] std::vector<record::RequestFigures> request_figures(const record::RunRecord& record);

}  // namespace weir::judge

// Parts of the report document, a subject each. For this folder's .cc files.
#pragma once

#include <vector>

#include "base/json.h"
#include "report/document/request_rows.h"
#include "report/material.h"

namespace weir::report {

[[nodiscard]] base::Json run_json(const Material& material);
[[nodiscard]] base::Json verdict_json(const Material& material);
[[nodiscard]] base::Json findings_json(const record::Verdict& verdict);
[[nodiscard]] base::Json signals_json(const record::Verdict& verdict);
[[nodiscard]] base::Json baseline_json(const Material& material);
[[nodiscard]] base::Json timeline_json(const record::RunRecord& record);
[[nodiscard]] base::Json requests_json(const record::RunRecord& record,
                                       const std::vector<RequestRow>& rows);
[[nodiscard]] base::Json metrics_json(const record::RunRecord& record);
[[nodiscard]] base::Json checks_json(const record::RunRecord& record);

// Examples of exchanges: bounded texts.
[[nodiscard]] base::Json exchanges_json(const std::vector<record::Exchange>& exchanges);
[[nodiscard]] base::Json unfinished_json(const record::RunRecord& record);
[[nodiscard]] base::Json script_failures_json(const record::Evidence& evidence);

[[nodiscard]] base::Json scenarios_json(const record::RunRecord& record);
[[nodiscard]] base::Json generator_json(const record::RunRecord& record);
[[nodiscard]] base::Json surroundings_json(const record::RunRecord& record);

}  // namespace weir::report

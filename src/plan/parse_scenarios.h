// Parsing of scenarios, stages and thresholds out of JSON.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "plan/scenario.h"
#include "plan/threshold.h"

namespace weir::plan {

[[nodiscard]] base::Result<std::vector<Stage>> read_stages(const base::Json& value,
                                                           std::string_view path);
/// Unknown fields and fields that the executor does not have are errors, as in k6.
[[nodiscard]] base::Result<std::vector<Scenario>> read_scenarios(const base::Json& value);
[[nodiscard]] base::Result<std::vector<ThresholdSet>> read_thresholds(const base::Json& value);
/// What must hold for every scenario, however it was said. The error names scenario and field.
[[nodiscard]] base::Result<void> check_scenario(const Scenario& scenario);

}  // namespace weir::plan

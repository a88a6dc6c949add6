// Criteria: all that a verdict depends on besides the record; stored beside it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "judge/baseline_limit.h"
#include "plan/condition.h"
#include "plan/suite.h"
#include "plan/threshold.h"

namespace weir::judge {

struct Criteria {
    std::vector<plan::Condition> conditions;
    std::vector<plan::ThresholdSet> thresholds;  // k6's, beside the conditions
    plan::TrustLimits trust;
    bool strict_compat = false;  // exact k6: no data passes, thrown iterations pass
    double confidence = 0.99;    // of the intervals shown, and of decisions in favour
    plan::Decisions decisions;
    std::vector<plan::FactPin> facts;
    std::vector<plan::Step> steps;  // of the load; empty: all the same
    Baseline baseline;
};

/// The same criteria give the same bytes; decode(encode(c)) judges as c does.
[[nodiscard]] std::string encode(const Criteria& criteria);
[[nodiscard]] base::Result<Criteria> decode_criteria(std::string_view text);

}  // namespace weir::judge

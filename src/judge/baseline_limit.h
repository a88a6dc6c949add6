// BaselineLimit: from where on a request counts as slower than in the last runs; frozen before a
// run.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plan/suite.h"
#include "record/baseline_change.h"
#include "stats/interval.h"

namespace weir::judge {

using record::BaselineFigure;

/// One figure of one request. Times in ms, of responses that were expected.
struct BaselineLimit {
    std::string journey;
    std::string request;
    BaselineFigure figure = BaselineFigure::median;
    std::size_t runs = 0;         // behind it
    std::size_t changed_ago = 0;  // so many runs ago they began to be as they are; 0: no change
    double usual_ms = 0;
    stats::Interval expected;  // of the next run
    double limit_ms = 0;       // the end of that, or the practical threshold when that is more
};

struct Baseline {
    plan::SlowerPolicy on_slower = plan::SlowerPolicy::ignore;
    std::size_t runs = 0;  // that were found
    std::vector<BaselineLimit> limits;
};

}  // namespace weir::judge

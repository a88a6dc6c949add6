// Standing: how conditions stand while a run lasts: what ends it early, and what people see of it.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "judge/criteria.h"
#include "record/verdict.h"
#include "record/windows.h"

namespace weir::judge {

/// From the run's start.
struct Moment {
    base::Nanos elapsed{};
    base::Nanos planned{};  // the schedule's end; not before `elapsed`
};

/// Each condition, in the order of the criteria, by what is known at that moment: answers that may
/// still come are left out, and more is asked of the evidence than at the run's end. What it does
/// not decide is undecided; `value` and `samples` say how it looks, and without samples nothing is
/// known. Of a condition that must hold in each of several stretches, the worst of those that are
/// over. Conditions on the rate and on the generator are decided at the end.
[[nodiscard]] std::vector<record::Finding> standings(const record::Windows& windows,
                                                     const Criteria& criteria,
                                                     Moment moment);

/// Whether a run may end before its time.
struct SoFar {
    bool all_held = false;  // each condition that can be decided is, in the service's favour
    std::string missed;     // one that is decided against the service; empty: none
};
[[nodiscard]] SoFar decided_so_far(const record::Windows& windows,
                                   const Criteria& criteria,
                                   base::Nanos elapsed);

}  // namespace weir::judge

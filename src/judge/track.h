// Track: what each window of a run counted for one condition, and what that decides.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "plan/condition.h"
#include "record/windows.h"
#include "stats/interval.h"
#include "stats/sequential.h"

namespace weir::judge {

/// A part of a run; windows that are only half in it are left out.
struct Stretch {
    base::Nanos begin{};
    base::Nanos end = base::Nanos::max();
};

/// In the order of time. Which list is filled follows from the condition's kind.
struct Track {
    std::vector<stats::ShareBlock> shares;  // share_under, errors, checks, status
    std::vector<stats::MeanBlock> means;    // mean_under, milliseconds
    std::vector<double> flows;              // flow, per second
};

/// Whether conditions of this kind are decided by evidence; the others are counted, not inferred.
[[nodiscard]] bool is_inferred(plan::ConditionKind kind) noexcept;

/// Empty when the windows cannot tell the condition's requests from others (Windows::crowded()).
[[nodiscard]] Track track_of(const record::Windows& windows,
                             const plan::Condition& condition,
                             Stretch stretch);

/// What a track says: the figure, how sure it is, and the decision.
struct Ruling {
    double value = 0;  // a share; milliseconds of mean_under; per second of flow
    std::uint64_t samples = 0;
    double dispersion = 1;           // of shares
    stats::Interval interval{0, 0};  // 99 %, at this moment; of means and flows alone
    stats::Decision decision = stats::Decision::undecided;
};
[[nodiscard]] Ruling rule_on(const Track& track,
                             const plan::Condition& condition,
                             const stats::ErrorLevels& levels,
                             double margin);

}  // namespace weir::judge

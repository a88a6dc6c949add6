// judge(): a record and criteria become a verdict. Pure: same inputs, same verdict, to the byte.
#pragma once

#include "judge/criteria.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// The first rule that applies decides; docs/verdict.md tells why.
/// 1. A hard signal, or a condition on too few samples: invalid. But a condition that is missed
///    beyond doubt is not excused by the generator's own trouble, and missing samples are not when
///    the service kept them back.
///    So is a condition on the generator itself that is missed.
/// 2. Every missed condition could be the generator's doing (a soft signal about it, and the miss
/// is
///    within its stalls or the interval reaches the limit): invalid.
/// 3. A condition that is missed for sure, a signal against the service, or exec.test.fail(): fail.
/// 4. A soft signal, and a condition that is decided by its figure alone, not comfortably: invalid.
/// 5. A condition that is missed by its figure alone: fail.
/// 6. Pass.
[[nodiscard]] record::Verdict judge(const record::RunRecord& record, const Criteria& criteria);

}  // namespace weir::judge

// judge(): a record and criteria become a verdict. Pure: same inputs, same verdict, to the byte.
#pragma once

#include "judge/criteria.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// The rules and their order are docs/verdict.md's: hard signals make the run invalid, but a clear
/// regression does not hide behind one that the service itself caused; then any missed condition
/// fails; else pass.
[[nodiscard]] record::Verdict judge(const record::RunRecord& record, const Criteria& criteria);

}  // namespace weir::judge

// Words: what findings say to people.
#pragma once

#include <string>

#include "judge/counting.h"
#include "plan/condition.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

/// The finding's figure, what is asked, and the condition read backwards; `all` as count() gives
/// it.
[[nodiscard]] std::string words_of(const record::RunRecord& record,
                                   const plan::Condition& condition,
                                   const record::Finding& finding,
                                   const Counted& all);
/// Adds the request, or the check, that contributed most of the misses, when the condition names
/// none.
void name_the_worst(record::Finding& finding,
                    const record::RunRecord& record,
                    const plan::Condition& condition);
/// What there was instead, for a selection that found too little.
[[nodiscard]] std::string names_seen(const record::RunRecord& record,
                                     const plan::Condition& condition);

}  // namespace weir::judge

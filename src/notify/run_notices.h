// What is told of a run: that it starts, and its verdict.
#pragma once

#include <string_view>

#include "notify/notice.h"
#include "notify/run_window.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::notify {

[[nodiscard]] Notice started_notice(const RunWindow& window);
/// `sentence`: what the pipeline does with it, "deployment blocked: …". `at`: when the run ended.
[[nodiscard]] Notice verdict_notice(const RunWindow& window,
                                    const record::RunRecord& record,
                                    const record::Verdict& verdict,
                                    std::string_view sentence,
                                    base::WallTime at);
/// A run that ended without a verdict.
[[nodiscard]] Notice failed_notice(const RunWindow& window,
                                   std::string_view why,
                                   base::WallTime at);

}  // namespace weir::notify

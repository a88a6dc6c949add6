// What people hear of bypasses and debts: one notice for each step.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "gate/debt.h"
#include "notify/notice.h"
#include "report/bypass_text.h"

namespace weir::app {

/// `what`: a headline's end, as in "bypass b-1: asked for by Ann".
[[nodiscard]] notify::Notice notice_of(notify::NoticeKind kind,
                                       const report::BypassLine& bypass,
                                       std::string_view what,
                                       base::WallTime now);
[[nodiscard]] notify::Notice notice_of(notify::NoticeKind kind,
                                       const gate::Debt& debt,
                                       base::WallTime now);

}  // namespace weir::app

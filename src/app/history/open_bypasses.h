// OpenBypasses: those of a book that may still let a run through, as the team's page shows them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/bypass/book.h"
#include "app/bypass/people.h"
#include "base/time.h"
#include "report/bypass_text.h"

namespace weir::app {

/// Judged by the people of its suite; where these are not known it is "not judged", and shown as it
/// was asked for while it has not run out. In the order they were asked for.
[[nodiscard]] std::vector<report::BypassLine> open_bypasses(
    const BypassBook& book, const std::map<std::string, BypassPeople>& people, base::WallTime now);

}  // namespace weir::app

// Schema: the ledger's tables, as numbered steps; see docs/formats/store.md.
#pragma once

#include "base/result.h"
#include "ledger/database.h"

namespace weir::ledger {

/// Brings the tables up to this version's; refuses those of a newer Weir. Safe when several begin
/// at once. Tables of this version are only read.
[[nodiscard]] base::Result<void> migrate(Database& database);

/// That the tables are of this version. Code::not_found: there are none; else the error says what
/// to do.
[[nodiscard]] base::Result<void> check_schema(Database& database);

}  // namespace weir::ledger

// BypassesDocument: open bypasses, debts, and whether the ledger is whole, for the team's page.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gate/debt.h"
#include "report/bypass_text.h"
#include "report/team/store_state.h"

namespace weir::report {

struct BypassesView {
    std::string suite;        // as asked for; empty: all
    std::string environment;  // the same
    StoreState store;
    std::vector<BypassLine> open;       // "valid", "pending" or "not judged"
    std::vector<gate::Debt> debts;      // oldest first
    std::uint64_t used_in_30_days = 0;  // uses that let a run through
    std::uint64_t rows = 0;             // of the ledger
    bool whole = true;
    std::string broken_words;  // when it is not
};

/// A JSON document, the same bytes for the same view.
[[nodiscard]] std::string bypasses_document(const BypassesView& view);

}  // namespace weir::report

// SuitesDocument: what the store has runs of, for the team's page to choose from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "report/team/store_state.h"

namespace weir::report {

struct SuiteEntry {
    std::string suite;
    std::string environment;  // may be empty
    std::uint64_t runs = 0;
    base::WallTime newest{};
};

/// In the order given; a JSON document.
[[nodiscard]] std::string suites_document(const StoreState& store,
                                          const std::vector<SuiteEntry>& suites);

}  // namespace weir::report

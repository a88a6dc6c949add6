// Debt: what was let through by a bypass and must hold again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/verdict.h"

namespace weir::gate {

/// One use of a bypass, until it is cleared.
struct Debt {
    std::uint64_t row = 0;  // of the ledger: its name
    std::string bypass;
    std::string run_id;
    std::string suite;
    std::string environment;
    base::WallTime since{};
    std::vector<std::string> conditions;  // that did not hold; empty: it was for another reason
};

/// The conditions that a run did not keep, as they are written in weir.toml.
[[nodiscard]] std::vector<std::string> not_held(const record::Verdict& verdict);

/// Whether this run of the same suite and environment clears it: every condition that did not hold
/// then holds now, in a run that can be trusted. A debt without any asks for a pass. A condition
/// that was taken out of weir.toml, or made easier, clears nothing.
[[nodiscard]] bool clears(const record::Verdict& verdict, const Debt& debt);

}  // namespace weir::gate

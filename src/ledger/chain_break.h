// ChainBreak: what was done to a chain, as far as its rows tell.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "attest/chain.h"

namespace weir::ledger {

struct ChainBreak {
    std::uint64_t sequence = 0;  // the first row that is not as it was written
    std::string how;             // "edited", "dropped", "reordered", "inserted" or "cut off"
    std::string words;           // "row 7 was dropped: …"
    [[nodiscard]] bool operator==(const ChainBreak&) const = default;
};

/// `rows`: the whole chain, by sequence. `head`: the newest row, as it is kept beside them.
/// `known`: places that were seen before, from elsewhere. Nothing: all is as it was written.
[[nodiscard]] std::optional<ChainBreak> find_break(std::span<const attest::ChainEntry> rows,
                                                   const attest::ChainHead& head,
                                                   std::span<const attest::ChainHead> known);

}  // namespace weir::ledger

// The ledger's rows, and the proof that it is whole, as people and programs read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "attest/chain.h"

namespace weir::report {

struct LedgerLine {
    std::uint64_t sequence = 0;
    std::string at;
    std::string kind;
    std::string suite;
    std::string environment;
    std::string subject;
    std::string commit;
    std::string bypass;
    std::string run_id;
    std::string content;  // a JSON object, or empty
    std::string hash;
};

/// The first row that is not as it was written.
struct LedgerBreak {
    std::uint64_t sequence = 0;
    std::string how;  // "edited", "dropped", "reordered", "inserted" or "cut off"
    std::string words;
};

[[nodiscard]] std::string ledger_text(const std::vector<LedgerLine>& rows);
/// {"rows": […]}; signed documents are envelopes' texts, as they are stored.
[[nodiscard]] std::string ledger_json(const std::vector<LedgerLine>& rows);

[[nodiscard]] std::string ledger_proof_text(const attest::ChainHead& head,
                                            const std::optional<LedgerBreak>& broken);
[[nodiscard]] std::string ledger_proof_json(const attest::ChainHead& head,
                                            const std::optional<LedgerBreak>& broken);

}  // namespace weir::report

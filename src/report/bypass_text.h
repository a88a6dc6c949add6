// Bypasses and debts as people and programs read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "gate/debt.h"

namespace weir::report {

struct BypassLine {
    std::string id;
    std::string state;  // "valid", "pending", "used up", "expired", "revoked", "refused"
    std::string words;  // why it is so
    std::string suite;
    std::string environment;
    std::string commit;
    std::string artefact;  // 64 hexadecimal digits
    std::string requester;
    std::vector<std::string> approvers;
    std::string reason;
    std::string incident;
    std::string impact;
    base::WallTime created{};
    base::WallTime expires{};
    std::uint64_t uses = 1;
    std::vector<std::string> used_by;  // runs
    std::vector<std::string> notes;    // documents that did not count
};

/// One bypass with all that is known of it.
[[nodiscard]] std::string bypass_text(const BypassLine& bypass);
[[nodiscard]] std::string bypasses_text(const std::vector<BypassLine>& bypasses,
                                        const std::vector<gate::Debt>& debts);
/// {"bypasses": […], "debts": […]}; the same bytes for the same values.
[[nodiscard]] std::string bypasses_json(const std::vector<BypassLine>& bypasses,
                                        const std::vector<gate::Debt>& debts);
[[nodiscard]] std::string bypass_json(const BypassLine& bypass);

/// "debt since 2026-11-24 (bypass b-…, run …): must hold again: …"
[[nodiscard]] std::string debt_text(const gate::Debt& debt);

}  // namespace weir::report

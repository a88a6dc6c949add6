#include "gate/debt.h"

#include <algorithm>

namespace weir::gate {

using record::FindingState;
using record::VerdictKind;

std::vector<std::string> not_held(const record::Verdict& verdict) {
    std::vector<std::string> conditions;
    for (const auto& finding : verdict.findings) {
        if (finding.state != FindingState::held) conditions.push_back(finding.condition);
    }
    return conditions;
}

bool clears(const record::Verdict& verdict, const Debt& debt) {
    if (verdict.kind == VerdictKind::invalid) return false;
    if (debt.conditions.empty()) return verdict.kind == VerdictKind::pass;
    const auto& findings = verdict.findings;
    return std::all_of(
        debt.conditions.begin(), debt.conditions.end(), [&findings](const auto& condition) {
            return std::any_of(findings.begin(), findings.end(), [&condition](const auto& each) {
                return each.condition == condition && each.state == FindingState::held;
            });
        });
}

}  // namespace weir::gate

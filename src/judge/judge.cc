#include "judge/judge.h"

#include <algorithm>

#include "base/format.h"
#include "judge/conditions.h"
#include "judge/validity.h"

namespace weir::judge {
namespace {

using record::FindingState;
using record::Verdict;
using record::VerdictKind;

std::vector<std::string> versions_of(const record::RunRecord& record) {
    std::vector<std::string> versions;
    for (const auto& seen : record.target.seen) {
        std::string text = seen.version;
        if (!seen.instance.empty()) text += base::format(" (instance {})", seen.instance);
        versions.push_back(std::move(text));
    }
    return versions;
}

void add_missed(Verdict& verdict) {
    for (const auto& finding : verdict.findings) {
        if (finding.state != FindingState::missed) continue;
        verdict.reasons.push_back(base::format("{}: {}", finding.condition, finding.words));
    }
}

}  // namespace

Verdict judge(const record::RunRecord& record, const Criteria& criteria) {
    Verdict verdict;
    verdict.signals = find_signals(record, criteria);
    verdict.versions = versions_of(record);
    for (const auto& condition : criteria.conditions) {
        verdict.findings.push_back(judge_condition(record, condition, criteria.confidence));
    }
    for (auto& finding : judge_thresholds(record, criteria))
        verdict.findings.push_back(std::move(finding));

    // 1. Hard signals: the measurement says nothing about the service.
    for (const auto& signal : verdict.signals) {
        if (signal.hard)
            verdict.reasons.push_back(signal.words + " (" + signal.who + " should look)");
    }
    for (const auto& finding : verdict.findings) {
        // A condition on nothing is never a pass. If the service kept its answers back, rule 2
        // applies.
        if (finding.state != FindingState::undecided) continue;
        const bool by_service = std::any_of(verdict.signals.begin(), verdict.signals.end(),
                                            [](const auto& each) { return each.against_service; });
        if (!by_service)
            verdict.reasons.push_back(base::format("{}: {}", finding.condition, finding.words));
    }
    if (!verdict.reasons.empty()) {
        verdict.kind = VerdictKind::invalid;
        return verdict;
    }
    // 2. The service misses what is asked of it, or kept the load from being offered.
    add_missed(verdict);
    for (const auto& signal : verdict.signals) {
        if (signal.against_service) verdict.reasons.push_back(signal.words);
    }
    if (record.ending.marked_failed)
        verdict.reasons.push_back("the script failed the run: " + record.ending.marked_words);
    if (!verdict.reasons.empty()) {
        verdict.kind = VerdictKind::fail;
        return verdict;
    }
    verdict.kind = VerdictKind::pass;
    verdict.reasons.push_back(base::format("all {} conditions hold", verdict.findings.size()));
    return verdict;
}

}  // namespace weir::judge

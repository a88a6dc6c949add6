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

    const bool clear_miss =
        std::any_of(criteria.conditions.begin(), criteria.conditions.end(),
                    [&record](const auto& each) { return misses_beyond_doubt(record, each); });

    // 1. Hard signals: the measurement says nothing about the service. A regression that the
    // generator's trouble cannot explain does not hide behind it.
    for (const auto& signal : verdict.signals) {
        if (signal.hard && !(signal.about_generator && clear_miss))
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
    // 2. A miss that the generator's own stalls could explain is no evidence.
    const bool stalled = std::any_of(verdict.signals.begin(), verdict.signals.end(),
                                     [](const auto& each) { return each.about_generator; });
    const bool missed =
        std::any_of(verdict.findings.begin(), verdict.findings.end(),
                    [](const auto& each) { return each.state == FindingState::missed; });
    const bool blamed = std::any_of(verdict.signals.begin(), verdict.signals.end(),
                                    [](const auto& each) { return each.against_service; });
    if (stalled && missed && !clear_miss && !blamed) {
        add_missed(verdict);
        verdict.reasons.insert(verdict.reasons.begin(),
                               "a condition is missed by less than the generator's own stalls");
        verdict.kind = VerdictKind::invalid;
        return verdict;
    }
    // 3. The service misses what is asked of it, or kept the load from being offered.
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

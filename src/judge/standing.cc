#include "judge/standing.h"

#include <algorithm>

#include "judge/conditions.h"
#include "judge/track.h"

namespace weir::judge {
namespace {

using plan::Condition;
using plan::ConditionKind;
using record::Finding;
using record::FindingState;

/// What is decided now must still be so when the last answers have come in.
constexpr double margin = 0.3;
constexpr base::Nanos answers_arrive = std::chrono::milliseconds(250);

bool in_stretches(const Condition& condition) {
    return condition.each_step || condition.over > base::Nanos{};
}

base::Nanos known_until(const Condition& condition, base::Nanos elapsed) {
    return elapsed - condition.limit - answers_arrive;
}

Finding of_ruling(const Condition& condition, const Ruling& ruling) {
    Finding finding = blank_finding(condition);
    finding.value = ruling.value;
    finding.samples = ruling.samples;
    finding.interval = ruling.interval;
    // A flow counts no samples of its own: few answers are what it is about.
    const bool enough =
        condition.kind == ConditionKind::flow || are_enough(condition, ruling.samples);
    if (!enough || ruling.decision == stats::Decision::undecided) return finding;
    finding.decided = true;
    finding.state =
        ruling.decision == stats::Decision::in_favour ? FindingState::held : FindingState::missed;
    return finding;
}

Finding of_whole(const record::Windows& windows,
                 const Condition& condition,
                 const Criteria& criteria,
                 base::Nanos elapsed) {
    const Stretch known{.begin = {}, .end = known_until(condition, elapsed)};
    const Track track = track_of(windows, condition, known);
    Finding finding =
        of_ruling(condition, rule_on(track, condition, levels_of(criteria, 1), margin));
    if (condition.kind == ConditionKind::flow) finding.samples = track.flows.size();
    return finding;
}

std::vector<Stretch> stretches_of(const Condition& condition,
                                  const Criteria& criteria,
                                  base::Nanos planned) {
    std::vector<Stretch> stretches;
    base::Nanos begin{};
    if (condition.each_step) {
        for (const auto& step : criteria.steps) {
            stretches.push_back({begin, begin + step.duration});
            begin += step.duration;
        }
        return stretches;
    }
    for (; begin + condition.over <= planned; begin += condition.over) {
        stretches.push_back({begin, begin + condition.over});
    }
    return stretches;
}

/// How much worse than its limit; greater is worse.
double shortfall(const Condition& condition, const Finding& finding) {
    const bool more_is_worse = condition.kind == ConditionKind::errors ||
                               condition.kind == ConditionKind::status ||
                               condition.kind == ConditionKind::mean_under;
    return more_is_worse ? finding.value - finding.limit : finding.limit - finding.value;
}

/// One that is missed stays so; that all are held is known at the end alone.
Finding of_stretches(const record::Windows& windows,
                     const Condition& condition,
                     const Criteria& criteria,
                     Moment moment) {
    const auto stretches = stretches_of(condition, criteria, moment.planned);
    Finding worst = blank_finding(condition);
    for (const Stretch& stretch : stretches) {
        if (stretch.end > known_until(condition, moment.elapsed)) break;
        const Track track = track_of(windows, condition, stretch);
        Finding one = of_ruling(
            condition, rule_on(track, condition, levels_of(criteria, stretches.size()), margin));
        if (condition.kind == ConditionKind::flow) one.samples = track.flows.size();
        if (one.samples == 0) continue;
        if (one.state == FindingState::held) one.state = FindingState::undecided;
        const bool missed = one.state == FindingState::missed;
        const bool known = worst.state == FindingState::missed;
        const bool worse =
            worst.samples == 0 || shortfall(condition, one) > shortfall(condition, worst);
        if (missed != known ? missed : worse) worst = one;
    }
    worst.decided = worst.state == FindingState::missed;
    return worst;
}

}  // namespace

std::vector<Finding> standings(const record::Windows& windows,
                               const Criteria& criteria,
                               Moment moment) {
    std::vector<Finding> all;
    for (const auto& condition : criteria.conditions) {
        if (!is_inferred(condition.kind)) {
            all.push_back(blank_finding(condition));
        } else if (in_stretches(condition)) {
            all.push_back(of_stretches(windows, condition, criteria, moment));
        } else {
            all.push_back(of_whole(windows, condition, criteria, moment.elapsed));
        }
    }
    return all;
}

SoFar decided_so_far(const record::Windows& windows,
                     const Criteria& criteria,
                     base::Nanos elapsed) {
    const auto inferred = [](const Condition& each) { return is_inferred(each.kind); };
    SoFar so_far{
        .all_held = std::any_of(criteria.conditions.begin(), criteria.conditions.end(), inferred),
        .missed = {}};
    for (const auto& condition : criteria.conditions) {
        if (!is_inferred(condition.kind)) continue;
        if (in_stretches(condition)) {
            so_far.all_held = false;
            continue;
        }
        const auto state = of_whole(windows, condition, criteria, elapsed).state;
        if (state != FindingState::held) so_far.all_held = false;
        if (state == FindingState::missed) so_far.missed = condition.text();
    }
    return so_far;
}

}  // namespace weir::judge

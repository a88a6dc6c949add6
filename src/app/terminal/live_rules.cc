#include "app/terminal/live_rules.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/format.h"
#include "judge/standing.h"
#include "judge/track.h"
#include "record/metric_view.h"
#include "report/live/live_figures.h"

namespace weir::app {
namespace {

std::vector<report::LiveRule> thresholds_at(const std::vector<plan::ThresholdSet>& thresholds,
                                            const engine::SoFar& so_far) {
    return report::rules_of(thresholds, {so_far.metrics, so_far.totals.series, so_far.elapsed});
}

/// What is true of the stop rule (judge::decided_so_far).
std::string early_stop_note(const judge::Criteria& criteria,
                            const std::vector<record::Finding>& standings) {
    if (criteria.conditions.empty()) return {};
    if (!criteria.decisions.early_stop) return "runs for all of its time: early stop is off";
    std::size_t inferred = 0;
    std::size_t decided = 0;
    for (std::size_t i = 0; i < standings.size(); ++i) {
        const auto& condition = criteria.conditions[i];
        if (!judge::is_inferred(condition.kind)) continue;
        if (condition.each_step || condition.over > base::Nanos{}) {
            return "runs for all of its time, unless a condition is missed: not all can be decided "
                   "before its end";
        }
        inferred += 1;
        decided += standings[i].decided ? 1U : 0U;
    }
    if (inferred == 0) return {};
    return base::format("ends early when each condition is decided: {} of {} are", decided,
                        inferred);
}

}  // namespace

LiveRules live_thresholds(std::vector<plan::ThresholdSet> thresholds) {
    return [thresholds = std::move(thresholds)](const engine::SoFar& so_far, base::Nanos) {
        return LiveStanding{.rules = thresholds_at(thresholds, so_far), .note = {}};
    };
}

LiveRules live_conditions(judge::Criteria criteria) {
    return [criteria = std::move(criteria)](const engine::SoFar& so_far, base::Nanos planned) {
        const auto standings = judge::standings(
            so_far.totals.windows, criteria, {so_far.elapsed, std::max(planned, so_far.elapsed)});
        LiveStanding standing{.rules = report::rules_of(standings),
                              .note = early_stop_note(criteria, standings)};
        for (auto& rule : thresholds_at(criteria.thresholds, so_far)) {
            standing.rules.push_back(std::move(rule));
        }
        return standing;
    };
}

LiveRules live_pairs(judge::DuetRule rule) {
    return [rule = std::move(rule), judged = std::size_t{0}, last = LiveStanding{}](
               const engine::SoFar& so_far, base::Nanos) mutable {
        std::size_t pairs = 0;
        for (const auto& series : so_far.pairs) pairs += series.pairs.size();
        if (pairs == 0 || pairs < judged + judged / 10) return last;
        judged = pairs;
        last.rules.clear();
        for (const auto& finding : judge::standings(so_far.pairs, rule)) {
            last.rules.push_back(
                {.text = finding.condition,
                 .state = finding.state,
                 .figure = base::format("{:+.1f} % in {} pairs", (finding.value - 1) * 100,
                                        finding.samples)});
        }
        return last;
    };
}

}  // namespace weir::app

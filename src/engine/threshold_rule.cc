#include "engine/threshold_rule.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "record/metric_view.h"
#include "record/threshold_result.h"

namespace weir::engine {

StopRule abort_on_fail(std::vector<plan::ThresholdSet> sets) {
    for (auto& set : sets) {
        std::erase_if(set.thresholds, [](const auto& each) { return !each.abort_on_fail; });
    }
    std::erase_if(sets, [](const auto& set) { return set.thresholds.empty(); });
    if (sets.empty()) return {};
    return [sets = std::move(sets)](const SoFar& so_far) -> std::optional<Stop> {
        const record::MetricView view(so_far.metrics, so_far.totals.series, so_far.elapsed);
        for (const auto& set : sets) {
            const auto results = record::evaluate(set, view);
            for (std::size_t i = 0; i < results.size(); ++i) {
                const bool due = so_far.elapsed >= set.thresholds[i].delay_abort_eval;
                if (!due || results[i].state != record::ThresholdState::crossed) continue;
                return Stop{record::EndKind::aborted_by_threshold,
                            base::format("threshold '{}' of {} was crossed: {:.6g}",
                                         results[i].source, results[i].key, results[i].value)};
            }
        }
        return std::nullopt;
    };
}

}  // namespace weir::engine

#include "judge/thresholds.h"

#include <cmath>
#include <string>

#include "base/format.h"
#include "judge/counting.h"
#include "record/threshold_result.h"

namespace weir::judge {
namespace {

using record::Finding;
using record::FindingState;
using record::ThresholdState;

std::string selected(const plan::ThresholdSet& set, const char* tag) {
    const auto found = set.selector.find(tag);
    return found == set.selector.end() ? std::string() : found->second;
}

/// With its unit, as conditions say theirs.
std::string figure_text(const record::RunRecord& record,
                        const plan::ThresholdSet& set,
                        const plan::Threshold& threshold,
                        double value) {
    const auto* spec = record.find_metric(set.metric);
    if (spec != nullptr && spec->type == record::MetricType::rate) return percent_text(value);
    const bool time = spec != nullptr && spec->contains == record::MetricContains::time &&
                      threshold.aggregation != plan::Aggregation::count;
    return base::format("{:.6g}{}", value, time ? " ms" : "");
}

Finding finding_for(const record::RunRecord& record,
                    const plan::ThresholdSet& set,
                    const plan::Threshold& threshold,
                    const record::ThresholdResult& result,
                    bool strict_compat) {
    Finding finding;
    finding.condition = base::format("{}: {}", result.key, result.source);
    finding.journey = selected(set, "scenario");
    finding.request = selected(set, "name");
    finding.unit = record::FigureUnit::plain;
    finding.limit = threshold.limit;
    finding.samples = result.samples;
    const bool empty = result.state == ThresholdState::no_samples ||
                       result.state == ThresholdState::unknown_metric;
    if (empty) {
        finding.state = strict_compat ? FindingState::held : FindingState::missed;
        finding.words = "no samples: k6 lets that pass, Weir does not";
        if (strict_compat) finding.words = "no samples: passes, as in k6";
        return finding;
    }
    if (!std::isfinite(result.value)) {
        finding.state = FindingState::missed;
        finding.words = "the figure is not a number";
        return finding;
    }
    finding.value = result.value;
    finding.state =
        result.state == ThresholdState::held ? FindingState::held : FindingState::missed;
    finding.words = base::format("{} over {} samples",
                                 figure_text(record, set, threshold, result.value), result.samples);
    return finding;
}

}  // namespace

std::vector<Finding> judge_thresholds(const record::RunRecord& record, const Criteria& criteria) {
    std::vector<Finding> findings;
    const record::MetricView view(record);
    for (const auto& set : criteria.thresholds) {
        const auto results = record::evaluate(set, view);
        for (std::size_t i = 0; i < results.size(); ++i) {
            findings.push_back(
                finding_for(record, set, set.thresholds[i], results[i], criteria.strict_compat));
        }
    }
    return findings;
}

bool is_about_time(const record::RunRecord& record, const plan::ThresholdSet& set) {
    const auto* spec = record.find_metric(set.metric);
    return spec != nullptr && spec->contains == record::MetricContains::time;
}

}  // namespace weir::judge

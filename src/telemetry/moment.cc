#include "telemetry/moment.h"

#include <algorithm>
#include <utility>

namespace weir::telemetry {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// In order, and of equal ones one.
std::vector<record::Series> folded_together(std::vector<record::Series> series) {
    std::stable_sort(series.begin(), series.end(), [](const auto& a, const auto& b) {
        return a.metric != b.metric ? a.metric < b.metric : a.tags.pairs() < b.tags.pairs();
    });
    std::vector<record::Series> folded;
    for (auto& each : series) {
        if (folded.empty() || folded.back().metric != each.metric ||
            folded.back().tags != each.tags) {
            folded.push_back(std::move(each));
        } else {
            record::merge(folded.back().total, each.total);
        }
    }
    return folded;
}

}  // namespace

Moment with_tags(Moment moment, const TagRules& rules) {
    bool folded = false;
    const auto goes = [&rules](const auto& tag) {
        return tag.second.empty() || has(rules.left_out, tag.first) ||
               (rules.kept && !has(*rules.kept, tag.first));
    };
    for (auto& series : moment.series) {
        const auto& pairs = series.tags.pairs();
        const bool fewer = std::any_of(pairs.begin(), pairs.end(), goes);
        folded = folded || fewer;
        if (!fewer && rules.added.empty()) continue;
        record::Tags kept;
        for (const auto& tag : pairs) {
            if (!goes(tag)) kept.set(tag.first, tag.second);
        }
        for (const auto& [key, value] : rules.added) {
            if (!value.empty() && kept.find(key) == nullptr) kept.set(key, value);
        }
        series.tags = std::move(kept);
    }
    const auto by_metric = [](const auto& a, const auto& b) { return a.metric < b.metric; };
    if (folded) {
        moment.series = folded_together(std::move(moment.series));
    } else if (!std::is_sorted(moment.series.begin(), moment.series.end(), by_metric)) {
        std::stable_sort(moment.series.begin(), moment.series.end(), by_metric);
    }
    return moment;
}

}  // namespace weir::telemetry

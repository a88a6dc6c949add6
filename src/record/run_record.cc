#include "record/run_record.h"

#include <algorithm>

namespace weir::record {

std::string_view word_of(EndKind kind) noexcept {
    switch (kind) {
        case EndKind::finished:
            return "finished";
        case EndKind::aborted_by_script:
            return "aborted_by_script";
        case EndKind::aborted_by_threshold:
            return "aborted_by_threshold";
        case EndKind::aborted_by_signal:
            return "aborted_by_signal";
        case EndKind::aborted_by_limit:
            return "aborted_by_limit";
        case EndKind::setup_failed:
            return "setup_failed";
        case EndKind::decided:
            return "decided";
        case EndKind::unreachable:
            return "unreachable";
        case EndKind::data_drifted:
            return "data_drifted";
        case EndKind::lease_lost:
            return "lease_lost";
    }
    return "";
}

const MetricSpec* RunRecord::find_metric(std::string_view name) const noexcept {
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [name](const MetricSpec& m) { return m.name == name; });
    return found == metrics.end() ? nullptr : &*found;
}

}  // namespace weir::record

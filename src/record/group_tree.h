// GroupTree: groups and checks as k6's root_group shows them, read from the tags of a run's series.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "record/metric.h"

namespace weir::record {

struct CheckCount {
    std::string name;
    std::string path;  // "::group::check"
    std::uint64_t passes = 0;
    std::uint64_t fails = 0;
    [[nodiscard]] bool operator==(const CheckCount&) const = default;
};

struct Group {
    std::string name;  // empty for the root
    std::string path;  // "::outer::inner"; empty for the root
    std::vector<Group> groups;
    std::vector<CheckCount> checks;
    [[nodiscard]] bool operator==(const Group&) const = default;
};

/// From the series of `checks` (tags group and check) and of every metric with a group tag; in the
/// order of first sight.
[[nodiscard]] Group group_tree(std::span<const MetricSpec> metrics, std::span<const Series> series);

}  // namespace weir::record

#include "record/group_tree.h"

#include <algorithm>
#include <string_view>

namespace weir::record {
namespace {

constexpr std::string_view separator = "::";

/// The group at `path` below `root`, made with its parents when missing.
Group& group_at(Group& root, std::string_view path) {
    Group* group = &root;
    std::size_t from = 0;
    while (from < path.size()) {
        if (path.substr(from).starts_with(separator)) from += separator.size();
        const std::size_t end = std::min(path.find(separator, from), path.size());
        const std::string_view name = path.substr(from, end - from);
        auto& groups = group->groups;
        auto child = std::find_if(groups.begin(), groups.end(),
                                  [name](const Group& g) { return g.name == name; });
        if (child == groups.end()) {
            groups.push_back({std::string(name), std::string(path.substr(0, end)), {}, {}});
            child = groups.end() - 1;
        }
        group = &*child;
        from = end;
    }
    return *group;
}

void count_check(Group& group, const std::string& name, const RateTotal& total) {
    auto check = std::find_if(group.checks.begin(), group.checks.end(),
                              [&name](const CheckCount& c) { return c.name == name; });
    if (check == group.checks.end()) {
        group.checks.push_back({.name = name, .path = group.path + std::string(separator) + name});
        check = group.checks.end() - 1;
    }
    check->passes += total.passes;
    check->fails += total.fails;
}

}  // namespace

Group group_tree(std::span<const MetricSpec> metrics, std::span<const Series> series) {
    Group root;
    for (const auto& each : series) {
        const std::string* path = each.tags.find("group");
        Group& group = path == nullptr ? root : group_at(root, *path);
        const auto metric = static_cast<std::size_t>(each.metric);
        const auto* total = std::get_if<RateTotal>(&each.total);
        const std::string* check = each.tags.find("check");
        if (total == nullptr || check == nullptr || metric >= metrics.size()) continue;
        if (metrics[metric].name == "checks") count_check(group, *check, *total);
    }
    return root;
}

}  // namespace weir::record

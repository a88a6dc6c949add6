#include "plan/parse_release.h"

#include <algorithm>

#include "base/format.h"

namespace weir::plan {
namespace {

using base::Result;

Result<void> read_roles(TomlTable& table, BypassPerson& person) {
    std::vector<std::string> may;
    TRY_VOID(table.read_texts("may", may));
    if (!table.has("may")) return {};
    person.may_request = std::find(may.begin(), may.end(), "request") != may.end();
    person.may_approve = std::find(may.begin(), may.end(), "approve") != may.end();
    const auto known = static_cast<std::ptrdiff_t>(person.may_request) +
                       static_cast<std::ptrdiff_t>(person.may_approve);
    const auto other = std::count_if(may.begin(), may.end(), [](const std::string& each) {
        return each != "request" && each != "approve";
    });
    if (known > 0 && other == 0) return {};
    return table.error_at(*table.find("may"),
                          "bypass.person.may is a list of \"request\", \"approve\" or both");
}

Result<void> read_person(TomlTable& table, BypassRule& rule) {
    BypassPerson person;
    TRY_VOID(table.read_text("name", person.name));
    TRY_VOID(table.read_text("key", person.key));
    TRY_VOID(read_roles(table, person));
    if (person.name.empty() || person.key.empty()) {
        return table.error(
            "a bypass.person needs name and key, the file of their public key: weir key new makes "
            "a pair");
    }
    rule.people.push_back(std::move(person));
    return {};
}

/// Names of those who could approve a request of `requester`.
std::size_t approvers_of(const BypassRule& rule, const std::string& requester) {
    std::vector<std::string> names;
    for (const auto& each : rule.people) {
        if (!each.may_approve || each.name == requester) continue;
        if (std::find(names.begin(), names.end(), each.name) == names.end()) {
            names.push_back(each.name);
        }
    }
    return names.size();
}

/// A rule under which nobody can ever get a bypass is found now, not in the emergency.
Result<void> check_reachable(TomlTable& table, const BypassRule& rule) {
    const bool anybody =
        std::any_of(rule.people.begin(), rule.people.end(), [&rule](const BypassPerson& each) {
            return each.may_request && approvers_of(rule, each.name) >= rule.quorum;
        });
    if (rule.people.empty() || anybody) return {};
    return table.error(base::format(
        "nobody can get a bypass: a request needs {} {} besides the one who asks; add a "
        "[[bypass.person]], or let one approve",
        rule.quorum, rule.quorum == 1 ? "approver" : "approvers"));
}

Result<void> read_bypass(TomlTable& table, BypassRule& rule) {
    TRY_VOID(table.read_whole("quorum", rule.quorum, {1, 100}));
    TRY_VOID(table.read_duration("valid_for", rule.valid_for));
    if (rule.valid_for <= base::Nanos{}) {
        return table.error_at(*table.find("valid_for"), "bypass.valid_for must be above zero");
    }
    TRY_VOID(table.read_whole("uses", rule.uses, {1, 1000}));
    std::string in_debt;
    TRY_VOID(table.read_text("in_debt", in_debt));
    if (table.has("in_debt")) {
        if (in_debt != "refuse" && in_debt != "allow") {
            return table.error_at(*table.find("in_debt"),
                                  "bypass.in_debt is \"refuse\" or \"allow\"");
        }
        rule.refuse_in_debt = in_debt == "refuse";
    }
    TRY_VOID(table.read_list("person", [&](TomlTable& t) { return read_person(t, rule); }));
    return check_reachable(table, rule);
}

/// 0 without a unit says "not at all" as well as "0s" does.
Result<void> read_lease(TomlTable& table, LeaseRule& rule) {
    const auto* wait = table.find("wait");
    const bool none = wait != nullptr && (wait->value_exact<std::int64_t>() == 0 ||
                                          wait->value_exact<std::string>() == "0");
    if (!none) return table.read_duration("wait", rule.wait);
    rule.wait = {};
    return {};
}

}  // namespace

Result<void> read_release_parts(TomlTable& root, Suite& suite) {
    TRY_VOID(
        root.read_section("bypass", [&](TomlTable& t) { return read_bypass(t, suite.bypass); }));
    return root.read_section("lease", [&](TomlTable& t) { return read_lease(t, suite.lease); });
}

}  // namespace weir::plan

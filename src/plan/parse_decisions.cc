#include "plan/parse_decisions.h"

#include <array>
#include <utility>

#include "base/format.h"

namespace weir::plan {
namespace {

using base::Result;

Result<void> read_trust(TomlTable& table, TrustLimits& trust) {
    TRY_VOID(table.read_share("achieved_share", trust.achieved_share));
    TRY_VOID(table.read_share("late_share", trust.late_share));
    TRY_VOID(table.read_share("threw_share", trust.threw_share));
    TRY_VOID(table.read_share("cpu_share", trust.cpu_share));
    TRY_VOID(table.read_share("steal_share", trust.steal_share));
    TRY_VOID(table.read_share("foreign_cpu_share", trust.foreign_cpu_share));
    TRY_VOID(table.read_number("settled_share", trust.settled_share, {0, 1000}));
    return table.read_duration("loop_stall", trust.loop_stall);
}

/// One of an enumeration's words; `wanted` is what an error says.
template <typename Enum, std::size_t n>
Result<void> read_word(TomlTable& table,
                       std::string_view key,
                       const std::array<std::pair<std::string_view, Enum>, n>& words,
                       std::string_view wanted,
                       Enum& into) {
    std::string text;
    TRY_VOID(table.read_text(key, text));
    if (!table.has(key)) return {};
    for (const auto& [word, value] : words) {
        if (word != text) continue;
        into = value;
        return {};
    }
    return table.error_at(*table.find(key), wanted);
}

Result<void> read_policy(TomlTable& table, UndecidedPolicy& policy) {
    using Word = std::pair<std::string_view, UndecidedPolicy>;
    constexpr std::array words{
        Word{"estimate", UndecidedPolicy::estimate}, Word{"pass", UndecidedPolicy::pass},
        Word{"fail", UndecidedPolicy::fail}, Word{"invalid", UndecidedPolicy::invalid}};
    return read_word(table, "undecided", words,
                     "decision.undecided is \"estimate\", \"pass\", \"fail\" or \"invalid\"",
                     policy);
}

/// The beginning of a UTC time as the store writes it: it sorts as text.
bool is_moment(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.size() != 10 && text.size() != 16 && text.size() != 19) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !digit : text[i] != form[i]) return false;
    }
    return true;
}

Result<void> read_baseline(TomlTable& table, BaselineRule& rule) {
    using Word = std::pair<std::string_view, SlowerPolicy>;
    constexpr std::array words{Word{"ignore", SlowerPolicy::ignore},
                               Word{"report", SlowerPolicy::report},
                               Word{"fail", SlowerPolicy::fail}};
    TRY_VOID(read_word(table, "on_slower", words,
                       "baseline.on_slower is \"ignore\", \"report\" or \"fail\"", rule.on_slower));
    TRY_VOID(table.read_number("error_level", rule.error_level, {1e-6, 0.5}));
    TRY_VOID(table.read_whole("runs", rule.runs, {BaselineRule::runs_least, 1000}));
    std::string slower_than;
    TRY_VOID(table.read_text("slower_than", slower_than));
    if (table.has("slower_than")) {
        auto threshold = parse_slower_than(slower_than);
        if (!threshold.ok()) {
            return table.error_at(*table.find("slower_than"), threshold.error().text);
        }
        rule.slower_than = threshold.value();
    }
    TRY_VOID(table.read_text("since", rule.since));
    if (!rule.since.empty() && !is_moment(rule.since)) {
        return table.error_at(*table.find("since"),
                              "baseline.since is a day or a time in UTC: \"2026-11-24\" or "
                              "\"2026-11-24T10:30\"");
    }
    return {};
}

Result<void> read_decisions(TomlTable& table, Decisions& decisions) {
    TRY_VOID(table.read_number("error_level", decisions.error_level, {1e-6, 0.5}));
    TRY_VOID(read_policy(table, decisions.undecided));
    TRY_VOID(table.read_bool("early_stop", decisions.early_stop));
    return table.read_whole("retries", decisions.retries, {0, 10});
}

Result<void> read_dependency(TomlTable& table, Suite& suite) {
    Dependency dependency;
    TRY_VOID(table.read_text("name", dependency.name));
    TRY_VOID(table.read_text("health_url", dependency.health_url));
    TRY_VOID(table.read_duration("slow_over", dependency.slow_over));
    if (dependency.name.empty() || dependency.health_url.empty()) {
        return table.error("a dependency needs name and health_url");
    }
    suite.dependencies.push_back(std::move(dependency));
    return {};
}

Result<void> read_fact(TomlTable& table, Suite& suite) {
    constexpr double any = 1e300;
    FactPin fact;
    TRY_VOID(table.read_text("name", fact.name));
    TRY_VOID(table.read_number("at_least", fact.at_least, {-any, any}));
    TRY_VOID(table.read_number("at_most", fact.at_most, {-any, any}));
    fact.has_least = table.has("at_least");
    fact.has_most = table.has("at_most");
    if (fact.name.empty() || (!fact.has_least && !fact.has_most)) {
        return table.error("a fact needs name, and at_least or at_most or both");
    }
    suite.facts.push_back(std::move(fact));
    return {};
}

Result<void> read_step(TomlTable& table, Suite& suite) {
    Step step;
    TRY_VOID(table.read_number("rate", step.rate, {0.001, 1'000'000}));
    TRY_VOID(table.read_duration("duration", step.duration));
    if (step.rate <= 0 || step.duration <= base::Nanos{}) {
        return table.error("a step needs rate and duration: { rate = 10, duration = \"20s\" }");
    }
    suite.steps.push_back(step);
    return {};
}

}  // namespace

Result<void> read_steps(TomlTable& gate, Suite& suite) {
    TRY_VOID(gate.read_list("steps", [&](TomlTable& t) { return read_step(t, suite); }));
    if (suite.steps.empty()) return {};
    if (gate.has("rate") || gate.has("duration")) {
        return gate.error("gate has either steps, or rate and duration");
    }
    suite.duration = {};
    suite.rate = 0;
    for (const auto& step : suite.steps) {
        suite.duration += step.duration;
        suite.rate = std::max(suite.rate, step.rate);
    }
    return {};
}

Result<void> read_decision_parts(TomlTable& root, Suite& suite) {
    TRY_VOID(root.read_section("decision",
                               [&](TomlTable& t) { return read_decisions(t, suite.decisions); }));
    TRY_VOID(root.read_section("baseline",
                               [&](TomlTable& t) { return read_baseline(t, suite.baseline); }));
    TRY_VOID(root.read_section("trust", [&](TomlTable& t) { return read_trust(t, suite.trust); }));
    TRY_VOID(root.read_list("dependency", [&](TomlTable& t) { return read_dependency(t, suite); }));
    TRY_VOID(root.read_list("fact", [&](TomlTable& t) { return read_fact(t, suite); }));
    return root.read_section("store",
                             [&](TomlTable& t) { return t.read_text("url", suite.store); });
}

}  // namespace weir::plan

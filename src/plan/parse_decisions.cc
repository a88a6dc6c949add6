#include "plan/parse_decisions.h"

#include <array>

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

Result<void> read_policy(TomlTable& table, UndecidedPolicy& policy) {
    struct Word {
        std::string_view text;
        UndecidedPolicy policy;
    };
    constexpr std::array words{
        Word{"estimate", UndecidedPolicy::estimate}, Word{"pass", UndecidedPolicy::pass},
        Word{"fail", UndecidedPolicy::fail}, Word{"invalid", UndecidedPolicy::invalid}};
    std::string text;
    TRY_VOID(table.read_text("undecided", text));
    if (!table.has("undecided")) return {};
    for (const auto& each : words) {
        if (each.text != text) continue;
        policy = each.policy;
        return {};
    }
    return table.error_at(*table.find("undecided"),
                          "decision.undecided is \"estimate\", \"pass\", \"fail\" or \"invalid\"");
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
    TRY_VOID(root.read_section("trust", [&](TomlTable& t) { return read_trust(t, suite.trust); }));
    TRY_VOID(root.read_list("dependency", [&](TomlTable& t) { return read_dependency(t, suite); }));
    TRY_VOID(root.read_list("fact", [&](TomlTable& t) { return read_fact(t, suite); }));
    return root.read_section("store",
                             [&](TomlTable& t) { return t.read_text("url", suite.store); });
}

}  // namespace weir::plan

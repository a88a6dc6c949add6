#include <algorithm>
#include <filesystem>

#include "base/format.h"
#include "base/units.h"
#include "base/url.h"
#include "plan/environment/environment_parts.h"
#include "plan/json_reader.h"
#include "plan/notices/parse_notify.h"
#include "plan/parse_decisions.h"
#include "plan/parse_release.h"
#include "plan/parse_secret.h"
#include "plan/suite.h"
#include "plan/telemetry/parse_telemetry.h"
#include "plan/toml_table.h"

namespace weir::plan {
namespace {

using base::Error;
using base::Result;

Result<void> read_gate(TomlTable& table, Suite& suite) {
    TRY_VOID(table.read_text("name", suite.name));
    TRY_VOID(table.read_number("rate", suite.rate, {0.001, 1'000'000}));
    TRY_VOID(table.read_duration("duration", suite.duration));
    if (suite.duration <= base::Nanos{}) {
        return table.error_at(*table.find("duration"), "gate.duration must be above zero");
    }
    TRY_VOID(table.read_whole("users_ready", suite.users_ready, {0, 1'000'000}));
    TRY_VOID(table.read_whole("users_max", suite.users_max, {0, 1'000'000}));
    if (suite.users_max > 0 && suite.users_max < suite.users_ready) {
        return table.error_at(*table.find("users_max"),
                              "gate.users_max is less than gate.users_ready");
    }
    TRY_VOID(read_steps(table, suite));
    TRY_VOID(table.read_duration("graceful_stop", suite.graceful_stop));
    TRY_VOID(table.read_bool("read_only", suite.read_only));
    TRY_VOID(table.read_text("results", suite.results));
    TRY_VOID(table.read_texts("version_headers", suite.version_headers));
    return table.read_texts("instance_headers", suite.instance_headers);
}

Result<void> read_journey(TomlTable& table, Suite& suite) {
    Journey journey;
    TRY_VOID(table.read_text("script", journey.script));
    TRY_VOID(table.read_text("name", journey.name));
    TRY_VOID(table.read_number("weight", journey.weight, {0.001, 1000}));
    if (journey.script.empty()) return table.error("journey.script is missing");
    if (journey.name.empty()) journey.name = std::filesystem::path(journey.script).stem().string();
    for (const auto& other : suite.journeys) {
        if (other.name != journey.name) continue;
        return table.error(
            base::format("two journeys are called '{}': give one a name", journey.name));
    }
    suite.journeys.push_back(std::move(journey));
    return {};
}

/// What a condition says without words: exactly one of the four kinds, or none beside `that`.
Result<bool> read_kind(TomlTable& table, Condition& condition) {
    struct Kind {
        std::string_view key;
        ConditionKind kind;
    };
    constexpr std::array kinds{Kind{"errors_at_most", ConditionKind::errors},
                               Kind{"checks_at_least", ConditionKind::checks},
                               Kind{"rate_at_least", ConditionKind::rate}};
    int found = table.has("that") ? 1 : 0;
    for (const auto& each : kinds) {
        TRY_VOID(table.read_share(each.key, condition.share));
        if (!table.has(each.key)) continue;
        condition.kind = each.kind;
        found += 1;
    }
    TRY_VOID(table.read_share("share", condition.share));
    TRY_VOID(table.read_duration("under", condition.limit));
    if (table.has("share") || table.has("under")) {
        if (!table.has("share") || condition.limit <= base::Nanos{}) {
            return table.error("a condition on time needs both share = 0.98 and under = \"2s\"");
        }
        condition.kind = ConditionKind::share_under;
        found += 1;
    }
    if (found > 1) {
        return table.error(
            "a condition says one thing: that, share and under, errors_at_most, checks_at_least or "
            "rate_at_least; write another [[condition]] for the other");
    }
    return found == 1;
}

Result<void> read_selection(TomlTable& table, Condition& condition) {
    Selection& selection = condition.selection;
    TRY_VOID(table.read_text("request", selection.request));
    TRY_VOID(table.read_text("journey", selection.journey));
    TRY_VOID(table.read_text("group", selection.group));
    if (!selection.group.empty() && !selection.group.starts_with("::")) {
        selection.group.insert(0, "::");
    }
    TRY_VOID(table.read_text_map("tags", selection.tags));
    const bool narrow =
        !selection.request.empty() || !selection.group.empty() || !selection.tags.empty();
    if (condition.kind == ConditionKind::rate && narrow) {
        return table.error("a condition on the rate can only be narrowed by journey");
    }
    return {};
}

/// Where it must hold: over stretches of the run, or in each step of its load.
Result<void> read_scope(TomlTable& table, Condition& condition, const Suite& suite) {
    TRY_VOID(table.read_duration("over", condition.over));
    TRY_VOID(table.read_bool("each_step", condition.each_step));
    const bool scoped = condition.over > base::Nanos{} || condition.each_step;
    const bool whole =
        condition.kind == ConditionKind::rate || condition.kind == ConditionKind::generator;
    if (scoped && whole) {
        return table.error(
            "this kind of condition speaks of the run as a whole: leave over and "
            "each_step out");
    }
    if (condition.each_step && suite.steps.empty()) {
        return table.error("a condition in each step needs gate.steps");
    }
    return {};
}

Result<void> read_condition(TomlTable& table, Suite& suite) {
    Condition condition;
    std::string that;
    TRY_VOID(table.read_text("that", that));
    if (table.has("that")) {
        auto parsed = parse_condition(that);
        if (!parsed.ok()) return table.error_at(*table.find("that"), parsed.error().text);
        condition = std::move(parsed).value();
    }
    TRY(const bool said, read_kind(table, condition));
    if (!said) {
        return table.error(
            "a condition needs that = \"98 % of `name` under 2 s\", or share and under, "
            "errors_at_most, checks_at_least or rate_at_least");
    }
    TRY_VOID(read_selection(table, condition));
    TRY_VOID(read_scope(table, condition, suite));
    TRY_VOID(table.read_bool("errors_count", condition.errors_count));
    TRY_VOID(table.read_whole("min_samples", condition.min_samples, {1, 1e12}));
    const auto known = [&condition](const Journey& each) {
        return each.name == condition.selection.journey;
    };
    if (!condition.selection.journey.empty() &&
        std::none_of(suite.journeys.begin(), suite.journeys.end(), known)) {
        std::string names;
        for (const auto& each : suite.journeys) names += (names.empty() ? "" : ", ") + each.name;
        return table.error(base::format("no journey is called '{}'; there are: {}",
                                        condition.selection.journey, names));
    }
    suite.conditions.push_back(std::move(condition));
    suite.condition_lines.push_back(table.line());
    return {};
}

Result<void> read_sign_in(TomlTable& table, Suite& suite) {
    SignInEndpoint endpoint{.method = "POST", .url = ""};
    TRY_VOID(table.read_text("method", endpoint.method));
    TRY_VOID(table.read_text("url", endpoint.url));
    if (endpoint.url.empty()) return table.error("sign_in.url is missing");
    const bool capitals =
        endpoint.method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
    if (endpoint.method.empty() || (!capitals && endpoint.method != "*")) {
        return table.error_at(*table.find("method"),
                              "sign_in.method must be a method in capitals, such as \"POST\", or "
                              "\"*\" for any");
    }
    const bool anchored = endpoint.url.starts_with('/') || endpoint.url.starts_with("http://") ||
                          endpoint.url.starts_with("https://");
    if (!anchored || endpoint.url == "/*") {
        return table.error_at(*table.find("url"),
                              "sign_in.url must be \"/path\" or \"https://host/path\", where * "
                              "stands for any characters; \"/*\" would allow everything");
    }
    suite.sign_in.push_back(std::move(endpoint));
    return {};
}

Result<void> read_marks(TomlTable& table, Marks& marks) {
    TRY_VOID(table.read_text("user_agent", marks.user_agent));
    return table.read_bool("traceparent", marks.traceparent);
}

Result<void> read_report(TomlTable& table, ReportRule& report) {
    TRY_VOID(table.read_text("trace_url", report.trace_url));
    if (report.trace_url.empty()) return {};
    const auto url = base::parse_url(report.trace_url);
    if (!url.ok() || !(url.value().scheme == "http" || url.value().scheme == "https")) {
        return table.error_at(*table.find("trace_url"),
                              "report.trace_url must be an address such as "
                              "\"https://traces.example/trace/{trace_id}\"");
    }
    if (report.trace_url.find("{trace_id}") == std::string::npos) {
        return table.error_at(
            *table.find("trace_url"),
            "report.trace_url must have {trace_id} where the trace's id goes, such as "
            "\"https://traces.example/trace/{trace_id}\"");
    }
    if (!url.value().username.empty() || !url.value().password.empty()) {
        return table.error_at(*table.find("trace_url"),
                              "report.trace_url must not hold a user or a password: reports show "
                              "it to everybody");
    }
    return {};
}

Result<void> read_attest(TomlTable& table, AttestRule& attest) {
    SecretSource key;
    TRY_VOID(read_secret(table, "key", key));
    if (key.given()) attest.key = std::move(key);
    TRY_VOID(table.read_texts("trusted", attest.trusted));
    TRY_VOID(table.read_duration("max_age", attest.max_age));
    if (attest.max_age > base::Nanos{}) return {};
    return table.error_at(*table.find("max_age"), "attest.max_age must be above zero");
}

/// What is still under way at the end must be able to pass the limits, or nobody could tell that it
/// was too slow.
Result<void> settle_graceful_stop(TomlTable& root, Suite& suite) {
    base::Nanos longest{};
    for (const auto& each : suite.conditions) {
        if (each.kind != ConditionKind::generator) longest = std::max(longest, each.limit);
    }
    const auto* gate = root.find("gate");
    const auto* said = gate == nullptr ? nullptr : gate->as_table()->get("graceful_stop");
    if (said == nullptr) {
        suite.graceful_stop = std::max(suite.graceful_stop, longest + longest / 4);
    } else if (suite.graceful_stop <= longest) {
        return root.error_at(*said, base::format("gate.graceful_stop must be longer than {}, the "
                                                 "longest limit of a condition",
                                                 base::write_duration(longest)));
    }
    return {};
}

/// Journeys before conditions: these name those.
Result<void> read_root(TomlTable& root, EnvironmentParts& environments, Suite& suite) {
    TRY_VOID(root.read_section("gate", [&](TomlTable& t) { return read_gate(t, suite); }));
    TRY_VOID(root.read_list("journey", [&](TomlTable& t) { return read_journey(t, suite); }));
    TRY_VOID(environments.read(root, false));
    TRY(suite.environments, environments.resolve());
    TRY_VOID(root.read_list("sign_in", [&](TomlTable& t) { return read_sign_in(t, suite); }));
    TRY_VOID(root.read_list("condition", [&](TomlTable& t) { return read_condition(t, suite); }));
    TRY_VOID(read_decision_parts(root, suite));
    TRY_VOID(read_release_parts(root, suite));
    TRY_VOID(
        root.read_section("attest", [&](TomlTable& t) { return read_attest(t, suite.attest); }));
    TRY_VOID(root.read_section("marks", [&](TomlTable& t) { return read_marks(t, suite.marks); }));
    TRY_VOID(
        root.read_section("report", [&](TomlTable& t) { return read_report(t, suite.report); }));
    TRY_VOID(read_notify_parts(root, suite));
    TRY_VOID(read_telemetry(root, suite.telemetry));
    TRY_VOID(settle_graceful_stop(root, suite));
    return root.finish();
}

Result<toml::table> parse_toml(std::string_view text, std::string_view file) {
    auto parsed = toml::parse(text, file);
    if (parsed) return std::move(parsed).table();
    const auto& begin = parsed.error().source().begin;
    return Error{base::Code::invalid, base::format("{}:{}:{}: {}", file, begin.line, begin.column,
                                                   parsed.error().description())};
}

/// One person's own file may say where things are, never what is demanded.
Result<void> read_overlay(const Overlay& overlay, EnvironmentParts& environments) {
    if (overlay.file.empty()) return {};
    TRY(const auto parsed, parse_toml(overlay.toml, overlay.file));
    for (const auto& [key, node] : parsed) {
        if (key.str() == "environment") continue;
        const auto& begin = key.source().begin;
        return Error{base::Code::invalid,
                     base::format("{}:{}:{}: only [environment.NAME] may stand in a personal "
                                  "overlay; {} belongs into weir.toml",
                                  overlay.file, begin.line, begin.column, key.str())};
    }
    TomlFile file{.name = overlay.file, .keys_known = {}};
    TomlTable root(parsed, "", file);
    return environments.read(root, true);
}

Result<Suite> read(std::string_view text, TomlFile& file, const Overlay& overlay) {
    TRY(const auto parsed, parse_toml(text, file.name));
    Suite suite;
    EnvironmentParts environments;
    TomlTable root(parsed, "", file);
    TRY_VOID(read_root(root, environments, suite));
    TRY_VOID(read_overlay(overlay, environments));
    TRY(suite.environments, environments.resolve());
    const auto missing = [&file](std::string_view what) {
        return Error{base::Code::invalid, base::format("{}: {}", file.name, what)};
    };
    if (suite.journeys.empty()) return missing("no journey: add [[journey]] with script = \"…\"");
    if (suite.conditions.empty() && suite.baseline.on_slower != SlowerPolicy::fail) {
        return missing("no condition: add [[condition]] with that = \"98 % of `name` under 2 s\"");
    }
    return suite;
}

}  // namespace

const Environment* Suite::find_environment(std::string_view wanted) const noexcept {
    for (const auto& each : environments) {
        if (each.name == wanted) return &each;
    }
    return nullptr;
}

Result<Suite> parse_suite(std::string_view text, std::string_view file, const Overlay& overlay) {
    TomlFile shared{.name = file, .keys_known = {}};
    return read(text, shared, overlay);
}

std::vector<std::string> keys_asked_of(std::string_view toml) {
    TomlFile shared{.name = "weir.toml", .keys_known = {}};
    (void)read(toml, shared, {});
    return {shared.keys_known.begin(), shared.keys_known.end()};
}

}  // namespace weir::plan

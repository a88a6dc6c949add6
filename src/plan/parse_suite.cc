#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <set>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "base/format.h"
#include "base/units.h"
#include "base/url.h"
#include "plan/json_reader.h"
#include "plan/suite.h"

namespace weir::plan {
namespace {

using base::Error;
using base::Result;

/// Reads one table's keys, each with its type; complains about those that nobody asked for.
class Table {
public:
    Table(const toml::table& table, std::string path, std::string_view file)
        : table_(table), path_(std::move(path)), file_(file) {}

    [[nodiscard]] Error error_at(const toml::node& node, std::string_view text) const {
        const auto& begin = node.source().begin;
        return {base::Code::invalid,
                base::format("{}:{}:{}: {}", file_, begin.line, begin.column, text)};
    }
    [[nodiscard]] std::string path(std::string_view key) const {
        return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
    }

    template <typename T>
    Result<void> read(std::string_view key, std::string_view wanted, T& into) {
        const toml::node* node = find(key);
        if (node == nullptr) return {};
        const auto value = node->value<T>();
        if (!value) return error_at(*node, base::format("{} must be {}", path(key), wanted));
        into = *value;
        return {};
    }
    Result<void> read_text(std::string_view key, std::string& into) {
        return read(key, "text", into);
    }
    Result<void> read_number(std::string_view key, double& into, double least, double most) {
        const toml::node* node = find(key);
        TRY_VOID(read(key, "a number", into));
        if (node != nullptr && !(into >= least && into <= most)) {
            return error_at(*node,
                            base::format("{} must be from {} to {}", path(key), least, most));
        }
        return {};
    }
    Result<void> read_count(std::string_view key, std::uint32_t& into) {
        double value = into;
        TRY_VOID(read_number(key, value, 0, 1'000'000));
        into = static_cast<std::uint32_t>(value);
        return {};
    }
    Result<void> read_duration(std::string_view key, base::Nanos& into) {
        const toml::node* node = find(key);
        if (node == nullptr) return {};
        const auto text = node->value<std::string>();
        auto parsed = base::parse_duration(text.value_or(""));
        if (!text || !parsed.ok() || parsed.value() < base::Nanos{}) {
            return error_at(*node,
                            base::format("{} must be a duration such as \"30s\"", path(key)));
        }
        into = parsed.value();
        return {};
    }
    Result<void> read_texts(std::string_view key, std::vector<std::string>& into) {
        const toml::node* node = find(key);
        if (node == nullptr) return {};
        const auto* list = node->as_array();
        std::vector<std::string> texts;
        if (list != nullptr) {
            for (const auto& each : *list) {
                if (const auto text = each.value<std::string>()) texts.push_back(*text);
            }
        }
        if (list == nullptr || texts.size() != list->size()) {
            return error_at(*node, base::format("{} must be a list of texts", path(key)));
        }
        into = std::move(texts);
        return {};
    }
    Result<void> read_text_map(std::string_view key, std::map<std::string, std::string>& into) {
        const toml::node* node = find(key);
        if (node == nullptr) return {};
        const auto* map = node->as_table();
        if (map == nullptr)
            return error_at(*node, base::format("{} must be a table of texts", path(key)));
        for (const auto& [name, value] : *map) {
            const auto text = value.value<std::string>();
            if (!text)
                return error_at(value, base::format("{}.{} must be text", path(key), name.str()));
            into[std::string(name.str())] = *text;
        }
        return {};
    }
    /// Each table of a list of tables, or of a table of tables (then with its name).
    Result<void> each_table(std::string_view key,
                            const std::function<Result<void>(std::string_view, Table&)>& visit) {
        const toml::node* node = find(key);
        if (node == nullptr) return {};
        if (const auto* list = node->as_array()) {
            for (const auto& each : *list) {
                const auto* table = each.as_table();
                if (table == nullptr)
                    return error_at(each, base::format("{} must hold tables", path(key)));
                Table inner(*table, path(key), file_);
                TRY_VOID(visit("", inner));
                TRY_VOID(inner.finish());
            }
            return {};
        }
        const auto* tables = node->as_table();
        if (tables == nullptr)
            return error_at(*node, base::format("{} must be a table", path(key)));
        for (const auto& [name, value] : *tables) {
            const auto* table = value.as_table();
            if (table == nullptr) {
                return error_at(value,
                                base::format("{}.{} must be a table", path(key), name.str()));
            }
            Table inner(*table, path(key) + "." + std::string(name.str()), file_);
            TRY_VOID(visit(name.str(), inner));
            TRY_VOID(inner.finish());
        }
        return {};
    }
    [[nodiscard]] const toml::node* find(std::string_view key) {
        known_.insert(std::string(key));
        return table_.get(key);
    }
    [[nodiscard]] const toml::table& node() const noexcept { return table_; }

    /// After all reads: a key that was never asked for is a mistake.
    [[nodiscard]] Result<void> finish() const {
        for (const auto& [key, value] : table_) {
            if (known_.contains(std::string(key.str()))) continue;
            std::vector<std::string_view> names(known_.begin(), known_.end());
            const auto near = nearest(key.str(), names);
            const auto& begin = key.source().begin;
            return Error{
                base::Code::invalid,
                base::format("{}:{}:{}: {} is unknown{}", file_, begin.line, begin.column,
                             path(key.str()), near.empty() ? "" : ": did you mean " + near + "?")};
        }
        return {};
    }

private:
    const toml::table& table_;
    std::string path_;
    std::string_view file_;
    std::set<std::string> known_;
};

Result<void> read_gate(Table& table, Suite& suite) {
    TRY_VOID(table.read_text("name", suite.name));
    TRY_VOID(table.read_number("rate", suite.rate, 0.001, 1'000'000));
    TRY_VOID(table.read_duration("duration", suite.duration));
    TRY_VOID(table.read_count("users_ready", suite.users_ready));
    TRY_VOID(table.read_count("users_max", suite.users_max));
    TRY_VOID(table.read_duration("graceful_stop", suite.graceful_stop));
    TRY_VOID(table.read("read_only", "true or false", suite.read_only));
    TRY_VOID(table.read_text("results", suite.results));
    TRY_VOID(table.read_texts("version_headers", suite.version_headers));
    return table.read_texts("instance_headers", suite.instance_headers);
}

Result<void> read_journey(Table& table, std::string_view name, Suite& suite) {
    Journey journey;
    journey.name = std::string(name);
    TRY_VOID(table.read_text("script", journey.script));
    TRY_VOID(table.read_text("name", journey.name));
    TRY_VOID(table.read_number("weight", journey.weight, 0.001, 1000));
    if (journey.script.empty()) return table.error_at(table.node(), "journey.script is missing");
    if (journey.name.empty()) journey.name = std::filesystem::path(journey.script).stem().string();
    suite.journeys.push_back(std::move(journey));
    return {};
}

Result<void> read_secrets(Table& table, Environment& environment) {
    return table.each_table("secrets", [&](std::string_view name, Table& inner) -> Result<void> {
        Environment::Secret secret;
        TRY_VOID(inner.read_text("env", secret.from_variable));
        TRY_VOID(inner.read_text("file", secret.from_file));
        if (secret.from_variable.empty() == secret.from_file.empty()) {
            return inner.error_at(inner.node(),
                                  "a secret has either env = \"VARIABLE\" or file = \"path\"");
        }
        environment.secrets[std::string(name)] = std::move(secret);
        return {};
    });
}

Result<void> read_environment(Table& table, std::string_view name, Suite& suite) {
    Environment environment;
    environment.name = std::string(name);
    TRY_VOID(table.read_text("name", environment.name));
    TRY_VOID(table.read_text("base_url", environment.base_url));
    TRY_VOID(table.read_text("health_url", environment.health_url));
    TRY_VOID(table.read_text_map("variables", environment.variables));
    TRY_VOID(table.read("insecure_skip_tls_verify", "true or false",
                        environment.insecure_skip_tls_verify));
    TRY_VOID(read_secrets(table, environment));
    suite.environments.push_back(std::move(environment));
    return {};
}

Result<void> read_condition_fields(Table& table, Condition& condition) {
    TRY_VOID(table.read_text("request", condition.selection.request));
    TRY_VOID(table.read_text("journey", condition.selection.journey));
    TRY_VOID(table.read_text("group", condition.selection.group));
    TRY_VOID(table.read_text_map("tags", condition.selection.tags));
    TRY_VOID(table.read("errors_count", "true or false", condition.errors_count));
    double samples = static_cast<double>(condition.min_samples);
    TRY_VOID(table.read_number("min_samples", samples, 1, 1e12));
    condition.min_samples = static_cast<std::uint64_t>(samples);
    return {};
}

Result<void> read_condition(Table& table, Suite& suite) {
    Condition condition;
    if (const auto* node = table.find("that")) {
        auto parsed = parse_condition(node->value_or<std::string>(""));
        if (!parsed.ok()) return table.error_at(*node, parsed.error().text);
        condition = std::move(parsed).value();
    }
    const bool under = table.find("under") != nullptr;
    const bool errors = table.find("errors_at_most") != nullptr;
    TRY_VOID(table.read_number("share", condition.share, 0, 1));
    TRY_VOID(table.read_duration("under", condition.limit));
    TRY_VOID(table.read_number("errors_at_most", condition.share, 0, 1));
    TRY_VOID(table.read_number("checks_at_least", condition.share, 0, 1));
    if (errors) condition.kind = ConditionKind::errors;
    if (table.node().contains("checks_at_least")) condition.kind = ConditionKind::checks;
    TRY_VOID(read_condition_fields(table, condition));
    if (!table.node().contains("that") && !under && !errors &&
        condition.kind != ConditionKind::checks) {
        return table.error_at(table.node(),
                              "a condition needs that = \"98 % of `name` under 2 s\", or share and "
                              "under, errors_at_most, or checks_at_least");
    }
    suite.conditions.push_back(std::move(condition));
    return {};
}

Result<void> read_sign_in(Table& table, Suite& suite) {
    SignInEndpoint endpoint{.method = "POST", .url = ""};
    TRY_VOID(table.read_text("method", endpoint.method));
    TRY_VOID(table.read_text("url", endpoint.url));
    if (endpoint.url.empty()) return table.error_at(table.node(), "sign_in.url is missing");
    suite.sign_in.push_back(std::move(endpoint));
    return {};
}

Result<void> read_trust(Table& table, TrustLimits& trust) {
    TRY_VOID(table.read_number("achieved_share", trust.achieved_share, 0, 1));
    TRY_VOID(table.read_number("late_share", trust.late_share, 0, 1));
    TRY_VOID(table.read_number("steal_share", trust.steal_share, 0, 1));
    return table.read_duration("loop_stall", trust.loop_stall);
}

Result<void> read_section(Table& root,
                          std::string_view key,
                          std::string_view file,
                          const std::function<Result<void>(Table&)>& read) {
    const auto* node = root.find(key);
    if (node == nullptr) return {};
    const auto* table = node->as_table();
    if (table == nullptr) return root.error_at(*node, base::format("{} must be a table", key));
    Table inner(*table, std::string(key), file);
    TRY_VOID(read(inner));
    return inner.finish();
}

Result<void> check(const Suite& suite, std::string_view file) {
    const auto missing = [file](std::string_view what) {
        return Error{base::Code::invalid, base::format("{}: {}", file, what)};
    };
    if (suite.journeys.empty()) return missing("no journey: add [[journey]] with script = \"…\"");
    if (suite.conditions.empty()) {
        return missing("no condition: add [[condition]] with that = \"98 % of `name` under 2 s\"");
    }
    std::set<std::string> names;
    for (const auto& journey : suite.journeys) {
        if (!names.insert(journey.name).second) {
            return missing(
                base::format("two journeys are called '{}': give one a name", journey.name));
        }
    }
    return {};
}

}  // namespace

const Environment* Suite::find_environment(std::string_view wanted) const noexcept {
    for (const auto& each : environments) {
        if (each.name == wanted) return &each;
    }
    return nullptr;
}

Result<Suite> parse_suite(std::string_view text, std::string_view file) {
    const auto parsed = toml::parse(text, file);
    if (!parsed) {
        const auto& begin = parsed.error().source().begin;
        return Error{base::Code::invalid, base::format("{}:{}:{}: {}", file, begin.line,
                                                       begin.column, parsed.error().description())};
    }
    Suite suite;
    Table root(parsed.table(), "", file);
    TRY_VOID(read_section(root, "gate", file, [&](Table& t) { return read_gate(t, suite); }));
    TRY_VOID(
        read_section(root, "trust", file, [&](Table& t) { return read_trust(t, suite.trust); }));
    TRY_VOID(root.each_table(
        "journey", [&](std::string_view name, Table& t) { return read_journey(t, name, suite); }));
    TRY_VOID(root.each_table("environment", [&](std::string_view name, Table& t) {
        return read_environment(t, name, suite);
    }));
    TRY_VOID(root.each_table("sign_in",
                             [&](std::string_view, Table& t) { return read_sign_in(t, suite); }));
    TRY_VOID(root.each_table("condition",
                             [&](std::string_view, Table& t) { return read_condition(t, suite); }));
    TRY_VOID(root.finish());
    TRY_VOID(check(suite, file));
    return suite;
}

}  // namespace weir::plan

#include "plan/environment/environment_parts.h"

#include <algorithm>

#include "base/format.h"
#include "base/url.h"
#include "plan/json_reader.h"
#include "plan/notices/parse_notify.h"
#include "plan/parse_secret.h"
#include "plan/toml_table.h"

namespace weir::plan {
namespace {

using base::Error;
using base::Result;

Result<void> read_given(TomlTable& table, std::string_view key, std::optional<std::string>& into) {
    std::string text;
    TRY_VOID(table.read_text(key, text));
    if (table.has(key)) into = std::move(text);
    return {};
}

Result<void> read_secrets(TomlTable& table, std::map<std::string, SecretSource>& secrets) {
    return table.read_named("secrets", [&](std::string_view name, TomlTable& secret) {
        return read_secret_keys(secret, secrets[std::string(name)]);
    });
}

Result<void> check_base_url(TomlTable& table, const std::string& text) {
    if (text.empty()) return {};
    const auto url = base::parse_url(text);
    if (!url.ok()) return table.error_at(*table.find("base_url"), url.error().text);
    if (url.value().scheme == "http" || url.value().scheme == "https") return {};
    return table.error_at(*table.find("base_url"), "base_url must begin with http:// or https://");
}

}  // namespace

Result<void> EnvironmentParts::read_one(TomlTable& table, std::string_view called, Part& part) {
    TRY_VOID(read_given(table, "base_url", part.base_url));
    TRY_VOID(check_base_url(table, part.base_url.value_or("")));
    TRY_VOID(read_given(table, "health_url", part.health_url));
    TRY_VOID(read_given(table, "metrics_url", part.metrics_url));
    bool insecure = false;
    TRY_VOID(table.read_bool("insecure_skip_tls_verify", insecure));
    if (table.has("insecure_skip_tls_verify")) part.insecure_skip_tls_verify = insecure;
    // A variable takes the place of a secret of that name, and the other way round.
    std::map<std::string, std::string> variables;
    std::map<std::string, SecretSource> secrets;
    TRY_VOID(table.read_text_map("variables", variables));
    TRY_VOID(read_secrets(table, secrets));
    for (auto& [name, value] : variables) {
        part.secrets.erase(name);
        part.variables[name] = std::move(value);
    }
    for (auto& [name, secret] : secrets) {
        part.variables.erase(name);
        part.secrets[name] = std::move(secret);
    }
    Environment own;
    own.name = called;
    TRY_VOID(read_alerts(table, own));
    if (table.has("alerts")) part.alerts = std::move(own.alerts);
    if (table.has("alert_name")) part.alert_name = std::move(own.alert_name);
    TRY_VOID(table.read_text("extends", part.extends));
    if (!table.has("extends")) return {};
    const auto& node = *table.find("extends");
    part.extends_place = table.place_of(node);
    if (part.extends.empty()) {
        return table.error_at(node, "environment.*.extends must name an environment");
    }
    return {};
}

Result<void> EnvironmentParts::read(TomlTable& root, bool overlay) {
    return root.read_named("environment",
                           [&](std::string_view name, TomlTable& table) -> Result<void> {
                               auto [at, fresh] = parts_.try_emplace(std::string(name));
                               Part& part = at->second;
                               part.overlaid = overlay;
                               part.only_overlay = overlay && fresh;
                               return read_one(table, name, part);
                           });
}

void EnvironmentParts::put(const Part& part, Environment& environment) {
    if (part.base_url) environment.base_url = *part.base_url;
    if (part.health_url) environment.health_url = *part.health_url;
    if (part.metrics_url) environment.metrics_url = *part.metrics_url;
    if (part.insecure_skip_tls_verify) {
        environment.insecure_skip_tls_verify = *part.insecure_skip_tls_verify;
    }
    for (const auto& [name, value] : part.variables) {
        environment.secrets.erase(name);
        environment.variables[name] = value;
    }
    for (const auto& [name, secret] : part.secrets) {
        environment.variables.erase(name);
        environment.secrets[name] = secret;
    }
    environment.overlaid = environment.overlaid || part.overlaid;
}

Error EnvironmentParts::unknown(const Part& part, const std::string& name) const {
    std::vector<std::string_view> names;
    std::string known;
    for (const auto& [each, _] : parts_) {
        if (each == name) continue;
        names.emplace_back(each);
        known += (known.empty() ? "" : ", ") + each;
    }
    const auto near = nearest(part.extends, names);
    return {base::Code::invalid,
            base::format("{}: environment.{} extends '{}', which is not there; {}",
                         part.extends_place, name, part.extends,
                         !near.empty()   ? "did you mean " + near + "?"
                         : known.empty() ? "there is no other"
                                         : "there are: " + known)};
}

Result<Environment> EnvironmentParts::resolve_one(const std::string& name, Chain& below) const {
    const Part& part = parts_.at(name);
    Environment environment;
    if (!part.extends.empty()) {
        if (parts_.count(part.extends) == 0) return unknown(part, name);
        below.push_back(name);
        const auto again = std::find(below.begin(), below.end(), part.extends);
        if (again != below.end()) {
            std::string circle;
            for (auto each = again; each != below.end(); ++each) circle += *each + " extends ";
            return Error{base::Code::invalid,
                         base::format("{}: environments extend each other in a circle: {}{}",
                                      part.extends_place, circle, part.extends)};
        }
        TRY(environment, resolve_one(part.extends, below));
        below.pop_back();
    }
    put(part, environment);
    environment.name = name;
    environment.alerts = part.alerts.value_or(AlertMatchers{});
    environment.alert_name = part.alert_name.value_or(name);
    return environment;
}

Result<std::vector<Environment>> EnvironmentParts::resolve() const {
    std::vector<Environment> all;
    for (const bool only_overlay : {false, true}) {
        for (const auto& [name, part] : parts_) {
            if (part.only_overlay != only_overlay) continue;
            Chain below;
            TRY(auto environment, resolve_one(name, below));
            all.push_back(std::move(environment));
        }
    }
    return all;
}

}  // namespace weir::plan

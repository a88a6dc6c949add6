// EnvironmentParts: what weir.toml and its personal overlay say of environments, put together key
// by key.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/suite.h"

namespace weir::plan {

class TomlTable;

class EnvironmentParts {
public:
    /// [environment.*] of weir.toml, then of the overlay: what that says of a key counts.
    [[nodiscard]] base::Result<void> read(TomlTable& root, bool overlay);
    /// Each with what it inherits, those of weir.toml by name, then those that only the overlay
    /// has. The error says where an environment extends one that is not there, or itself.
    [[nodiscard]] base::Result<std::vector<Environment>> resolve() const;

private:
    /// Keys that were not said are absent: they are inherited.
    struct Part {
        std::optional<std::string> base_url;
        std::optional<std::string> health_url;
        std::optional<std::string> metrics_url;
        std::optional<bool> insecure_skip_tls_verify;
        std::map<std::string, std::string> variables;
        std::map<std::string, SecretSource> secrets;
        /// Not inherited: they are what tells a deployment's alerts from another's.
        std::optional<AlertMatchers> alerts;
        std::optional<std::string> alert_name;
        std::string extends;        // empty: nothing
        std::string extends_place;  // file:line:column
        bool overlaid = false;      // the overlay speaks of it
        bool only_overlay = false;
    };
    using Chain = std::vector<std::string>;

    [[nodiscard]] static base::Result<void> read_one(TomlTable& table,
                                                     std::string_view called,
                                                     Part& part);
    static void put(const Part& part, Environment& environment);
    [[nodiscard]] base::Result<Environment> resolve_one(const std::string& name,
                                                        Chain& below) const;
    [[nodiscard]] base::Error unknown(const Part& part, const std::string& name) const;

    std::map<std::string, Part> parts_;
};

}  // namespace weir::plan

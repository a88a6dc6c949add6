// Parsing options of each tier (flags, environment, script, file) and merging them with k6's
// precedence.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/options.h"

namespace weir::plan {

/// A script's `export const options` or a --config file, as JSON text. Unknown top-level names are
/// listed in Options::unknown; a wrong type is an Error that names the field.
[[nodiscard]] base::Result<Options> parse_options_json(std::string_view text);

/// One option given as text: a flag's value or an environment variable's. `name` is k6's JSON name
/// ("insecureSkipTLSVerify"). Durations, numbers, booleans and comma lists as k6's flags take them;
/// stages as "10s:5,1m:20".
[[nodiscard]] base::Result<void> set_option_text(Options& options,
                                                 std::string_view name,
                                                 std::string_view value);

/// Options from K6_* variables ("K6_VUS", "K6_INSECURE_SKIP_TLS_VERIFY"). The error names the
/// variable.
using GetEnvironment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] base::Result<Options> options_from_environment(const GetEnvironment& get);

/// `high` wins over `low`, field by field; if `high` says how much load (duration, iterations,
/// stages or scenarios), all of `low`'s load settings are forgotten, as in k6.
[[nodiscard]] Options merge(Options high, Options low);

/// The scenarios that the options amount to: as written, or the shortcuts as scenario "default";
/// without either, one iteration of one user. The error says which settings contradict each other.
[[nodiscard]] base::Result<std::vector<Scenario>> scenarios_of(const Options& options);

/// The options as k6 shows them to scripts (exec.test.options), JSON.
[[nodiscard]] std::string write_options_json(const Options& options,
                                             const std::vector<Scenario>& scenarios);

}  // namespace weir::plan

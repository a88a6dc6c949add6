// Secrets in weir.toml: { env = "VARIABLE" } or { file = "path" }.
#pragma once

#include <string_view>

#include "base/result.h"
#include "plan/secret_source.h"
#include "plan/toml_table.h"

namespace weir::plan {

/// The table of a secret itself.
[[nodiscard]] base::Result<void> read_secret_keys(TomlTable& secret, SecretSource& into);
/// key = { … }, when it is there; a value that stands there itself is an error.
[[nodiscard]] base::Result<void> read_secret(TomlTable& table,
                                             std::string_view key,
                                             SecretSource& into);

}  // namespace weir::plan

// The value of a secret, from where weir.toml says that it is.
#pragma once

#include <string>

#include "app/local/env_file.h"
#include "base/result.h"
#include "plan/secret_source.h"

namespace weir::app {

/// `name` for errors; `directory`: where weir.toml is, from which files are named. A variable that
/// is not set is looked for in `env_file`, by default the .env there. The value is not in the
/// error.
[[nodiscard]] base::Result<std::string> secret_value(const std::string& name,
                                                     const plan::SecretSource& source,
                                                     const std::string& directory);
[[nodiscard]] base::Result<std::string> secret_value(const std::string& name,
                                                     const plan::SecretSource& source,
                                                     const std::string& directory,
                                                     const EnvFile& env_file);

}  // namespace weir::app

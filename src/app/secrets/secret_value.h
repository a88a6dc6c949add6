// The value of a secret, from where weir.toml says that it is.
#pragma once

#include <string>

#include "base/result.h"
#include "plan/secret_source.h"

namespace weir::app {

/// `name` for errors; `directory`: where weir.toml is, from which files are named. The value is not
/// in the error.
[[nodiscard]] base::Result<std::string> secret_value(const std::string& name,
                                                     const plan::SecretSource& source,
                                                     const std::string& directory);

}  // namespace weir::app

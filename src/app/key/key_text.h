// A private key's PEM, from where it is kept: a file or a variable.
#pragma once

#include <string>

#include "attest/keys.h"
#include "base/result.h"
#include "plan/secret_source.h"

namespace weir::app {

/// Files are named from `directory`. Pipelines that keep a variable in one line write "\n" for its
/// line ends: both are understood. The error quotes none of it.
[[nodiscard]] base::Result<attest::SecretText> key_text(const plan::SecretSource& source,
                                                        const std::string& directory);

}  // namespace weir::app

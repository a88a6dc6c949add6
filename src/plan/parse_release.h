// The parts of weir.toml about what follows a verdict and comes before a run: [bypass], [lease].
#pragma once

#include "base/result.h"
#include "plan/suite.h"
#include "plan/toml_table.h"

namespace weir::plan {

[[nodiscard]] base::Result<void> read_release_parts(TomlTable& root, Suite& suite);

}  // namespace weir::plan

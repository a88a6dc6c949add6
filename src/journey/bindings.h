// Bindings: k6's modules and globals, and Weir's own, as one table for the script compiler.
#pragma once

#include <memory>

#include "script/bindings.h"

namespace weir::journey {

/// Made once per process, before the first Program is compiled; must outlive programs and users.
[[nodiscard]] std::unique_ptr<const script::Bindings> make_bindings();

}  // namespace weir::journey

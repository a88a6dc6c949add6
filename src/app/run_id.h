// Run ids: sortable by time, unique by chance: 20261123T225400Z-9f86d081.
#pragma once

#include <string>

namespace weir::app {

[[nodiscard]] std::string new_run_id();

}  // namespace weir::app

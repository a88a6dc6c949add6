// Seed: fills an empty database with the sample's population and cases.
#pragma once

#include <string>

#include "sample/db/database.h"

namespace weir::sample {

/// Returns the digest of what was written.
Result<std::string> write_sample_data(Connection& connection, const SeedPlan& plan);

}  // namespace weir::sample

// Cases: makes the referrals of a population, each with all that hangs on it.
#pragma once

#include <cstddef>

#include "sample/seed/population.h"
#include "sample/seed/random.h"
#include "sample/seed/writer.h"

namespace weir::sample {

/// Writes `sent` sent referrals, spread over the contracts by zipf_shares and mixed in time, and
/// one draft for every 40 of them.
void write_cases(const Population& population, std::size_t sent, Random& random, Writer& writer);

}  // namespace weir::sample

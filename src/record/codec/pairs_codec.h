// PairsCodec: the pairs of a duet as JSON columns and back. Private to the codec.
#pragma once

#include <vector>

#include "base/json.h"
#include "record/codec/fields.h"
#include "record/pairs.h"

namespace weir::record {

[[nodiscard]] base::Json write(const PairSeries& series);
[[nodiscard]] PairSeries read_pairs(const Fields& fields);

}  // namespace weir::record

// The codec's part for Surroundings; see record/codec.h.
#pragma once

#include "base/json.h"
#include "record/codec/fields.h"
#include "record/surroundings.h"

namespace weir::record {

[[nodiscard]] base::Json write_surroundings(const Surroundings& surroundings);
[[nodiscard]] Surroundings read_surroundings(const Fields& fields);

}  // namespace weir::record

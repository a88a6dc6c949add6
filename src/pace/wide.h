// Wide: 128-bit integers, so that products of times and rates stay exact.
#pragma once

namespace weir::pace {

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): __extension__ needs a typedef
__extension__ typedef unsigned __int128 UnsignedWide;  // NOLINT(modernize-use-using)

}  // namespace weir::pace

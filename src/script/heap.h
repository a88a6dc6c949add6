// Heap: counts what one isolate's engine takes from the system, so that asking costs nothing.
#pragma once

#include <cstddef>

namespace weir::script {

/// The engine packs small blocks into arenas of its own; this sees arenas and large blocks.
struct Heap {
    std::size_t bytes = 0;
};

}  // namespace weir::script

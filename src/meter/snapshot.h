// Snapshot: what one or several workers have counted so far; a value that merges losslessly.
#pragma once

#include <cstdint>
#include <vector>

#include "record/metric.h"
#include "record/windows.h"

namespace weir::meter {

struct Snapshot {
    std::vector<record::Series> series;  // only those with samples; in order of first sight
    record::Windows windows;
    std::uint64_t tag_sets = 0;  // interned
    std::uint64_t tag_sets_collapsed =
        0;                               // interned after the limit: url and name became "(other)"
    std::uint64_t samples_untapped = 0;  // --out fell behind by so many

    void merge(Snapshot other);
};

}  // namespace weir::meter

// PracticalThreshold: what of a change matters to anybody; every comparison ignores the rest.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace weir::plan {

/// A request is slower when it is by more than both.
struct PracticalThreshold {
    double relative = 0.20;
    base::Nanos absolute = std::chrono::milliseconds(50);
    [[nodiscard]] bool operator==(const PracticalThreshold&) const = default;
};

/// "20% and 50ms", either alone, or "0%": any slowdown at all. The Error says what is not
/// understood.
[[nodiscard]] base::Result<PracticalThreshold> parse_slower_than(std::string_view text);
/// "more than 20 % and 50ms"
[[nodiscard]] std::string threshold_words(const PracticalThreshold& threshold);

}  // namespace weir::plan

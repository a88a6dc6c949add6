// AttributionMemory: what was said of an alert while it fired, so that its end is said of the same.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>

#include "base/hash.h"
#include "notify/attribution.h"

namespace weir::notify {

/// Bounded: the oldest are forgotten, and decided anew.
class AttributionMemory {
public:
    explicit AttributionMemory(std::size_t most = 20'000) : most_(most) {}

    /// `decide` is asked for an alert that is new, or that fires on and was a run's: what fires for
    /// too long becomes real. What was called real once stays real.
    [[nodiscard]] Cause settle(const Alert& alert, const std::function<Cause()>& decide);
    [[nodiscard]] std::size_t size() const noexcept { return known_.size(); }

private:
    std::size_t most_;
    base::TextMap<Cause> known_;
    std::deque<std::string> order_;  // keys, oldest first
};

}  // namespace weir::notify

// Changes: what a run has counted since a receiver took its figures last; nothing twice, nothing
// lost.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "record/metric.h"
#include "telemetry/moment.h"

namespace weir::telemetry {

/// For receivers that want increments. What was not taken stays part of the next change: a receiver
/// that was away for a while gets the same totals, coarser in time.
class Changes {
public:
    /// Since it was last taken, or since the run began. Of a gauge: as it is now, whatever was
    /// taken.
    [[nodiscard]] record::Aggregate of(const Moment& moment, std::size_t series) const;
    /// When the change of that series began.
    [[nodiscard]] base::WallTime since(const Moment& moment, std::size_t series) const;
    /// Series [first, last) of `moment` are with the receiver.
    void take(const SharedMoment& moment, std::size_t first, std::size_t last);

private:
    struct Taken {
        SharedMoment moment;
        std::size_t series = 0;
    };
    [[nodiscard]] const Taken* find(const Moment& moment, std::size_t series) const;

    std::unordered_map<std::string, Taken> taken_;  // by metric and tags
};

/// No new samples.
[[nodiscard]] bool is_empty(const record::Aggregate& change) noexcept;

}  // namespace weir::telemetry

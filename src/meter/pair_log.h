// PairLog: one worker's half of a duet's pairs; matched with the other half when the run has ended.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "record/pairs.h"

namespace weir::meter {

/// A request on one side, and which one: the n-th with its name in its iteration.
struct PairHalf {
    std::uint64_t iteration = 0;  // in its scenario, over all workers: the same on both sides
    base::Instant due{};
    base::Nanos response_time{};
    record::Side side = record::Side::baseline;
    bool failed = false;
};

/// Owned by one worker's thread, then handed over.
class PairLog {
public:
    /// Bounds memory, not the schedule: halves of so many pairs are kept, later ones counted.
    explicit PairLog(std::size_t most = record::PairSeries::pairs_most) : most_(most) {}

    void add(std::string_view journey, std::string_view name, const PairHalf& half);
    [[nodiscard]] bool empty() const noexcept { return series_.empty(); }

    /// Adds what another worker saw.
    void merge(PairLog other);
    /// Pairs with spans from `start`; by journey and name. At most PairSeries::pairs_most in all,
    /// the first in time.
    [[nodiscard]] std::vector<record::PairSeries> pair_up(base::Instant start) &&;

private:
    struct Halves {
        std::vector<PairHalf> kept;
        std::uint64_t unkept = 0;  // halves
    };
    using Key = std::pair<std::string, std::string>;

    std::map<Key, Halves> series_;
    std::size_t most_;
    std::size_t kept_ = 0;
    Halves* last_ = nullptr;  // requests come in runs of the same name
    const Key* last_key_ = nullptr;
};

}  // namespace weir::meter

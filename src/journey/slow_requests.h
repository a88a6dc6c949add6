// SlowRequests: the slowest requests of a run and the slowest of each name; bounded, cheap to ask.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/time.h"
#include "record/evidence.h"

namespace weir::journey {

struct SlowLimits {
    std::size_t of_run = 20;
    std::size_t of_name = 5;
    std::size_t names = 256;  // those that are seen later share one row
};

/// A heap of bounded size with the shortest on top. Its floor, the shortest of a full one, is read
/// without a lock: most requests are not among the slowest.
struct SlowRow {
    struct Kept {
        record::Exchange exchange;
        base::Instant start;
    };
    std::atomic<std::int64_t> floor{-1};                 // ns
    std::vector<std::shared_ptr<const Kept>> slowest{};  // guarded by the owner's mutex
};

/// Thread-safe. What is kept at the end: the slowest of the run; then the slowest of each name, the
/// second of each, and so on, names in the order of their slowest, until there are
/// record::Evidence::list_most. So each name has one while there are not more names than places,
/// and the slowest names have theirs when there are.
class SlowRequests {
public:
    explicit SlowRequests(SlowLimits limits) : limits_(limits) {}
    SlowRequests(const SlowRequests&) = delete;
    SlowRequests& operator=(const SlowRequests&) = delete;

    /// Takes a lock; the address stays.
    [[nodiscard]] SlowRow& row_of(std::string_view name);
    /// Lock-free: whether note() would keep it.
    [[nodiscard]] bool wants(const SlowRow& row, base::Nanos response_time) const noexcept {
        return response_time.count() > run_.floor.load(std::memory_order_relaxed) ||
               response_time.count() > row.floor.load(std::memory_order_relaxed);
    }
    void note(SlowRow& row, record::Exchange exchange, base::Instant start);
    /// Longest response time first, starts as spans from `run_start`.
    [[nodiscard]] std::vector<record::Exchange> take(base::Instant run_start) const;

private:
    using Kept = std::shared_ptr<const SlowRow::Kept>;

    SlowLimits limits_;
    mutable std::mutex mutex_;
    SlowRow run_;
    std::deque<SlowRow> rows_;
    base::TextMap<SlowRow*> by_name_;
};

}  // namespace weir::journey

#include "journey/slow_requests.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace weir::journey {
namespace {

using Kept = std::shared_ptr<const SlowRow::Kept>;

/// As an order: the longest first. As that of a heap: the shortest on top.
bool slower(const Kept& a, const Kept& b) {
    return a->exchange.response_time > b->exchange.response_time;
}

void keep(SlowRow& row, const Kept& one, std::size_t most) {
    row.slowest.push_back(one);
    std::push_heap(row.slowest.begin(), row.slowest.end(), slower);
    if (row.slowest.size() > most) {
        std::pop_heap(row.slowest.begin(), row.slowest.end(), slower);
        row.slowest.pop_back();
    }
    if (row.slowest.size() < most || row.slowest.empty()) return;
    row.floor.store(row.slowest.front()->exchange.response_time.count(), std::memory_order_relaxed);
}

}  // namespace

SlowRow& SlowRequests::row_of(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_name_.find(name); found != by_name_.end()) return *found->second;
    if (by_name_.size() < limits_.names) {
        SlowRow& made = rows_.emplace_back();
        by_name_.emplace(std::string(name), &made);
        return made;
    }
    if (rows_.size() == by_name_.size()) rows_.emplace_back();
    return rows_.back();
}

void SlowRequests::note(SlowRow& row, record::Exchange exchange, base::Instant start) {
    const auto one =
        std::make_shared<const SlowRow::Kept>(SlowRow::Kept{std::move(exchange), start});
    const std::lock_guard lock(mutex_);
    keep(run_, one, limits_.of_run);
    keep(row, one, limits_.of_name);
}

std::vector<record::Exchange> SlowRequests::take(base::Instant run_start) const {
    std::vector<Kept> all;
    std::vector<std::vector<Kept>> names;
    {
        const std::lock_guard lock(mutex_);
        all = run_.slowest;
        for (const SlowRow& row : rows_) {
            if (!row.slowest.empty()) names.push_back(row.slowest);
        }
    }
    for (auto& name : names) std::stable_sort(name.begin(), name.end(), slower);
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return slower(a.front(), b.front()); });
    std::unordered_set<Kept> there(all.begin(), all.end());
    for (std::size_t rank = 0; rank < limits_.of_name; ++rank) {
        for (const auto& name : names) {
            if (rank >= name.size() || all.size() >= record::Evidence::list_most) continue;
            if (there.insert(name[rank]).second) all.push_back(name[rank]);
        }
    }
    std::stable_sort(all.begin(), all.end(), slower);
    std::vector<record::Exchange> out;
    for (const Kept& each : all) {
        out.push_back(each->exchange);
        out.back().start = each->start - run_start;
    }
    return out;
}

}  // namespace weir::journey

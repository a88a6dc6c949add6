#include "tests/power/mann_whitney.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace weir::power {
namespace {

struct Ranked {
    double latency = 0;
    bool candidate = false;
};

/// Sum of the candidate's ranks, from 1; `all` sorted by latency.
double rank_sum(std::span<const Ranked> all) {
    double sum = 0;
    for (std::size_t first = 0; first < all.size();) {
        std::size_t last = first;
        while (last < all.size() && all[last].latency == all[first].latency) ++last;
        const double rank = static_cast<double>(first + last + 1) / 2;
        for (; first < last; ++first) sum += all[first].candidate ? rank : 0;
    }
    return sum;
}

}  // namespace

bool mann_whitney_says_slower(std::span<const stats::Pair> pairs, double relative) {
    constexpr double quantile = 2.3263;  // of the standard normal distribution, 99 %
    std::vector<Ranked> all;
    all.reserve(2 * pairs.size());
    for (const auto& pair : pairs) {
        all.push_back({pair.baseline * (1 + relative), false});
        all.push_back({pair.candidate, true});
    }
    std::ranges::sort(all, {}, &Ranked::latency);
    const auto n = static_cast<double>(pairs.size());
    const double u = rank_sum(all) - n * (n + 1) / 2;
    return u - n * n / 2 > quantile * std::sqrt(n * n * (2 * n + 1) / 12);
}

}  // namespace weir::power

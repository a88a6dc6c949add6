#include "tests/power/cells.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace weir::power {
namespace {

/// All windows of one run, cut where it is looked at.
struct Windows {
    std::vector<stats::ShareBlock> shares;
    std::vector<stats::MeanBlock> means;
    std::vector<double> flows;
    double value = 0;  // the figure over all of it
};

Windows run_of(const Cell& cell, std::uint64_t seed) {
    NoiseStream stream(cell.noise, cell.per_second, seed);
    std::vector<std::vector<double>> seconds(static_cast<std::size_t>(cell.seconds));
    std::vector<double> all;
    double due = 0;
    for (auto& second : seconds) {
        for (due += cell.per_second; due >= 1; due -= 1) {
            second.push_back(stream.next() * cell.slowdown);
            all.push_back(second.back());
        }
    }
    std::sort(all.begin(), all.end());
    const double tail = all[all.size() * 9 / 10];
    Windows windows;
    double hits = 0;
    double sum = 0;
    for (const auto& second : seconds) {
        stats::ShareBlock block;
        stats::MeanBlock mean;
        for (const double each : second) {
            block.trials += 1;
            block.hits += each <= cell.limit ? 1 : 0;
            block.tail += each > tail ? 1 : 0;
            mean.count += 1;
            mean.sum += each;
        }
        hits += static_cast<double>(block.hits);
        sum += mean.sum;
        windows.shares.push_back(block);
        windows.means.push_back(mean);
        // A slow worker: so much work, done so fast.
        windows.flows.push_back(mean.count == 0 ? 0
                                                : 1 / (mean.sum / static_cast<double>(mean.count)));
    }
    const auto count = static_cast<double>(all.size());
    windows.value = cell.question == Question::share ? hits / count : sum / count;
    return windows;
}

/// The first `seconds`, in windows that double as a record's do; a window cut short is left out.
template <typename Block, typename Add>
std::vector<Block> seen_in(const std::vector<Block>& windows, std::size_t seconds, Add add) {
    constexpr std::size_t windows_most = 120;
    std::size_t width = 1;
    while (seconds / width > windows_most) width *= 2;
    std::vector<Block> seen(seconds / width);
    for (std::size_t i = 0; i < seen.size() * width; ++i) add(seen[i / width], windows[i]);
    return seen;
}

stats::Evidence evidence_at(const Cell& cell, const Windows& windows, std::size_t seconds) {
    if (cell.question == Question::share) {
        const auto add = [](stats::ShareBlock& into, const stats::ShareBlock& window) {
            into.trials += window.trials;
            into.hits += window.hits;
            into.tail += window.tail;
        };
        return stats::share_evidence(seen_in(windows.shares, seconds, add), cell.share);
    }
    if (cell.question == Question::mean) {
        const auto add = [](stats::MeanBlock& into, const stats::MeanBlock& window) {
            into.count += window.count;
            into.sum += window.sum;
        };
        return stats::mean_evidence(seen_in(windows.means, seconds, add), cell.limit);
    }
    return stats::flow_evidence(std::span(windows.flows).first(seconds), cell.limit);
}

}  // namespace

double limit_of(const Cell& cell) {
    if (cell.question == Question::share) {
        return quantile_of(cell.noise, cell.per_second, cell.share);
    }
    if (cell.question == Question::mean) return mean_of(cell.noise, cell.per_second);
    NoiseStream stream(cell.noise, cell.per_second, 1);
    double sum = 0;
    constexpr int windows = 100'000;
    for (int i = 0; i < windows; ++i) {
        double second = 0;
        for (int k = 0; k < static_cast<int>(cell.per_second); ++k) second += stream.next();
        sum += cell.per_second / second;
    }
    return sum / windows;
}

Outcomes simulate(const Cell& cell, int runs, const stats::ErrorLevels& levels) {
    Outcomes outcomes{.runs = runs};
    std::vector<double> times;
    for (int run = 0; run < runs; ++run) {
        const Windows windows = run_of(cell, static_cast<std::uint64_t>(run) * 7919 + 17);
        const bool missed = cell.question == Question::share ? windows.value < cell.share
                                                             : windows.value > cell.limit;
        outcomes.plainly_missed += missed ? 1 : 0;
        auto decision = stats::Decision::undecided;
        std::size_t at = stats::windows_least;
        const auto budget = static_cast<std::size_t>(cell.seconds);
        for (; at <= budget && decision == stats::Decision::undecided; ++at) {
            decision = stats::decide(evidence_at(cell, windows, at), levels);
        }
        times.push_back(static_cast<double>(std::min(at - 1, budget)));
        outcomes.against += decision == stats::Decision::against ? 1 : 0;
        outcomes.in_favour += decision == stats::Decision::in_favour ? 1 : 0;
    }
    std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
    outcomes.median_seconds = times[static_cast<std::size_t>(runs / 2)];
    return outcomes;
}

}  // namespace weir::power

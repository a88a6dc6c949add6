#include "stats/sequential.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "base/assert.h"

namespace weir::stats {
namespace {

constexpr double certain = std::numeric_limits<double>::infinity();

/// One block's part in a bet: what is gained for each unit staked, and its weight (a block with few
/// trials moves little).
struct Outcome {
    double gain = 0;
    double weight = 0;
};

/// Sums of `size` windows each; a shorter rest is a block of its own.
template <typename Block, typename Add>
std::vector<Block> blocks_of(std::span<const Block> windows, std::size_t size, Add add) {
    std::vector<Block> blocks((windows.size() + size - 1) / size);
    for (std::size_t i = 0; i < windows.size(); ++i) add(blocks[i / size], windows[i]);
    return blocks;
}

void add_share(ShareBlock& into, const ShareBlock& window) {
    into.trials += window.trials;
    into.hits += window.hits;
    into.tail += window.tail;
}

/// Log capital of one stake without its luckiest stretch of `skipped` blocks.
double least_capital(std::span<const Outcome> outcomes, double stake, std::size_t skipped) {
    std::vector<double> sums{0};
    for (const auto& each : outcomes) {
        sums.push_back(sums.back() + std::log1p(stake * each.weight * each.gain));
    }
    double luckiest = 0;
    for (std::size_t i = 0; i + skipped < sums.size(); ++i) {
        luckiest = std::max(luckiest, sums[i + skipped] - sums[i]);
    }
    return sums.back() - luckiest;
}

/// Log of the mean capital over a ladder of stakes, each at most `stake_most`.
double bet(std::span<const Outcome> outcomes, double stake_most) {
    constexpr std::array parts{1.0, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015};
    const std::size_t skipped = (outcomes.size() + 3) / 4;
    std::array<double, parts.size()> capital{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        capital[i] = least_capital(outcomes, stake_most * parts[i], skipped);
    }
    const double most = *std::max_element(capital.begin(), capital.end());
    double sum = 0;
    for (const double each : capital) sum += std::exp(each - most);
    return most + std::log(sum / static_cast<double>(parts.size()));
}

/// The least evidence over blocks of 1, 2, 4, … windows, as long as there are `blocks_least`.
template <typename Evaluate>
double least_over_blocks(std::size_t windows, std::size_t blocks_least, Evaluate evaluate) {
    double least = certain;
    for (std::size_t size = 1; windows / size >= blocks_least; size *= 2) {
        least = std::min(least, evaluate(size));
    }
    return least;
}

double share_against(std::span<const ShareBlock> windows, double target) {
    // A stake of 1/(1 - target) would lose all in a block of hits alone.
    constexpr double caution = 0.9;
    const double stake_most = caution / (1 - target);
    return least_over_blocks(windows.size(), 5, [&](std::size_t size) {
        const auto blocks = blocks_of(windows, size, add_share);
        std::uint64_t most = 1;
        for (const auto& each : blocks) most = std::max(most, each.trials);
        std::vector<Outcome> outcomes;
        for (const auto& each : blocks) {
            if (each.trials == 0) continue;
            const auto trials = static_cast<double>(each.trials);
            outcomes.push_back({target - static_cast<double>(each.hits) / trials,
                                trials / static_cast<double>(most)});
        }
        return outcomes.empty() ? 0 : bet(outcomes, stake_most);
    });
}

/// Pearson's dispersion of `part` of the trials over blocks of `size` windows; 0 when it cannot be
/// told.
double dispersion_of(std::span<const ShareBlock> windows,
                     std::size_t size,
                     std::uint64_t ShareBlock::*part) {
    const auto blocks = blocks_of(windows, size, add_share);
    double trials = 0;
    double hits = 0;
    double used = 0;
    for (const auto& each : blocks) {
        trials += static_cast<double>(each.trials);
        hits += static_cast<double>(each.*part);
        used += each.trials > 0 ? 1 : 0;
    }
    if (used < 2 || hits <= 0 || hits >= trials) return 0;
    const double share = hits / trials;
    double sum = 0;
    for (const auto& each : blocks) {
        if (each.trials == 0) continue;
        const auto n = static_cast<double>(each.trials);
        const double off = static_cast<double>(each.*part) - n * share;
        sum += off * off / (n * share * (1 - share));
    }
    return sum / (used - 1);
}

/// Log of the mean likelihood ratio of miss shares that are `parts` of what is tolerated, tempered.
/// Half of the weight is on the first part.
double likelihood_ratio(std::span<const ShareBlock> windows,
                        double tolerated,
                        std::span<const double> parts) {
    double trials = 0;
    double misses = 0;
    for (const auto& each : windows) {
        trials += static_cast<double>(each.trials);
        misses += static_cast<double>(each.trials - each.hits);
    }
    // From few blocks the excess is often underestimated: half as much again is taken for it.
    const double temper = 1 / (1 + 1.5 * (dispersion(windows) - 1));
    double sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const double share = std::min(tolerated * parts[i], 1 - 1e-9);
        const double hit = (trials - misses) * std::log((1 - share) / (1 - tolerated));
        const double miss = misses > 0 ? misses * std::log(share / tolerated) : 0;
        const double weight = i == 0 ? 1 : 1 / static_cast<double>(parts.size() - 1);
        sum += weight / 2 * std::exp(std::min(temper * (hit + miss), 600.0));
    }
    return std::log(sum);
}

/// Log e-value for "the mean is above 0" of one value a block: the t-test with a normal mixture
/// over the effect.
double t_mixture(std::span<const double> values) {
    constexpr double precision = 1;  // of the mixture, in blocks: sharpest for clear effects
    const auto count = static_cast<double>(values.size());
    double sum = 0;
    double squares = 0;
    for (const double each : values) {
        sum += each;
        squares += each * each;
    }
    if (sum <= 0) return 0;
    const double whole = (count + precision) * squares;
    const double left = whole - sum * sum;
    // One block less than in the paper: neighbours are not quite independent.
    return std::log(precision / (count + precision)) / 2 + (count - 1) / 2 * std::log(whole / left);
}

double mean_above_zero(std::span<const double> windows) {
    // One window resembles the next: blocks of two, at least, must agree.
    constexpr std::size_t blocks_least = 8;
    if (windows.size() < 2 * blocks_least) return 0;
    return least_over_blocks(windows.size(), blocks_least, [&](std::size_t size) {
        std::vector<double> means(windows.size() / size);
        for (std::size_t i = 0; i < means.size() * size; ++i) {
            means[i / size] += windows[i] / static_cast<double>(size);
        }
        return t_mixture(means);
    });
}

}  // namespace

Decision decide(const Evidence& evidence, const ErrorLevels& levels, double margin) noexcept {
    if (evidence.against >= margin - std::log(levels.against)) return Decision::against;
    if (evidence.in_favour >= margin - std::log(levels.in_favour)) return Decision::in_favour;
    return Decision::undecided;
}

double dispersion(std::span<const ShareBlock> windows) {
    constexpr std::size_t blocks_least = 8;
    double most = 1;
    for (std::size_t size = 1; windows.size() / size >= blocks_least; size *= 2) {
        most = std::max(most, dispersion_of(windows, size, &ShareBlock::hits));
        most = std::max(most, dispersion_of(windows, size, &ShareBlock::tail));
    }
    return most;
}

Evidence share_evidence(std::span<const ShareBlock> windows, double target) {
    CHECK(target >= 0 && target <= 1);
    if (windows.size() < windows_least) return {};
    std::uint64_t trials = 0;
    std::uint64_t hits = 0;
    for (const auto& each : windows) {
        CHECK(each.hits <= each.trials && each.tail <= each.trials);
        trials += each.trials;
        hits += each.hits;
    }
    if (trials == 0) return {};
    if (target <= 0) return {.against = 0, .in_favour = certain};
    // "All of them" is refuted by a single miss, and no number of hits proves it.
    if (target >= 1) return {.against = hits < trials ? certain : 0, .in_favour = 0};
    constexpr std::array more{2.0, 1.4, 3.0, 5.0, 10.0, 20.0, 50.0};
    constexpr std::array fewer{0.0, 0.05, 0.15, 0.3, 0.5, 0.7};
    const double ratio = likelihood_ratio(windows, 1 - target, more);
    // The mean of both e-values, to within a factor of two.
    return {.against = std::max(share_against(windows, target), ratio) - std::log(2.0),
            .in_favour = likelihood_ratio(windows, 1 - target, fewer)};
}

Evidence mean_evidence(std::span<const MeanBlock> windows, double limit) {
    std::vector<double> above;
    std::vector<double> below;
    for (const auto& each : windows) {
        if (each.count == 0) continue;
        above.push_back(each.sum / static_cast<double>(each.count) - limit);
        below.push_back(-above.back());
    }
    if (above.size() < windows_least) return {};
    return {.against = mean_above_zero(above), .in_favour = mean_above_zero(below)};
}

Evidence flow_evidence(std::span<const double> windows, double least) {
    if (windows.size() < windows_least) return {};
    std::vector<double> above;
    std::vector<double> below;
    for (const double each : windows) {
        above.push_back(each - least);
        below.push_back(least - each);
    }
    return {.against = mean_above_zero(below), .in_favour = mean_above_zero(above)};
}

}  // namespace weir::stats

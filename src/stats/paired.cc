#include "stats/paired.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace weir::stats {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
/// Scores are cut at so many spreads: enough for power under normal noise, little for outliers.
constexpr double clip = 2;
constexpr std::array<double, 7> fractions{0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.95};
/// Cut from each end of a block: one in so many.
constexpr std::size_t trim = 8;
/// The median absolute deviation of a normal law is so much of its standard deviation.
constexpr double mad_of_sd = 0.6744897501960817;

struct Block {
    double centre = 0;  // trimmed mean
    double scale = 0;   // by which it is measured
};

double median_of(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

double spread_about(const std::vector<double>& values, double centre) {
    std::vector<double> away;
    away.reserve(values.size());
    for (const double value : values) away.push_back(std::abs(value - centre));
    return median_of(away) / mad_of_sd;
}

double trimmed_mean(std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    const std::size_t cut = values.size() / trim;
    double sum = 0;
    for (std::size_t i = cut; i < values.size() - cut; ++i) sum += values[i];
    return sum / static_cast<double>(values.size() - 2 * cut);
}

/// Calls `close(first, last)` for each full block. What comes after the last one may still grow: to
/// count it now would let it vote twice.
template <typename Item, typename Close>
void each_block(std::span<const Item> items, const PairedRule& rule, Close&& close) {
    std::size_t first = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::size_t size = i - first;
        if (size < rule.pairs_of_block_least || items[i].at - items[first].at < rule.block)
            continue;
        close(first, i);
        first = i;
    }
}

template <typename Value>
std::vector<Block> blocks_of(std::span<const Pair> pairs, const PairedRule& rule, Value&& value) {
    std::vector<Block> blocks;
    std::vector<double> centres;
    std::vector<double> values;
    each_block(pairs, rule, [&](std::size_t first, std::size_t last) {
        values.clear();
        for (std::size_t i = first; i < last; ++i) values.push_back(value(pairs[i]));
        Block block;
        block.centre = trimmed_mean(values);
        const double middle = median_of(values);
        block.scale = spread_about(values, middle) / std::sqrt(static_cast<double>(values.size()));
        if (centres.size() >= 4) {  // earlier ones only: a score's scale must not know its sign
            auto earlier = centres;
            block.scale = std::max(block.scale, spread_about(centres, median_of(earlier)));
        }
        centres.push_back(block.centre);
        blocks.push_back(block);
    });
    return blocks;
}

/// Long-run variance over variance of the first t block centres, for each t; never under 1.
/// Centres are cut at `clip` spreads first, so that one outlier hides no correlation.
std::vector<double> inflations_of(const std::vector<Block>& blocks, std::size_t least) {
    std::vector<double> found(blocks.size(), 1);
    std::vector<double> seen;
    for (std::size_t t = 1; t <= blocks.size(); ++t) {
        seen.push_back(blocks[t - 1].centre);
        if (t < least) continue;
        std::vector<double> residuals = seen;
        auto copy = seen;
        const double middle = median_of(copy);
        const double limit = clip * spread_about(seen, middle);
        double mean = 0;
        for (double& each : residuals) {
            each = std::clamp(each - middle, -limit, limit);
            mean += each;
        }
        mean /= static_cast<double>(t);
        double variance = 0;
        for (double& each : residuals) {
            each -= mean;
            variance += each * each;
        }
        if (variance <= 0) continue;
        const auto lags = static_cast<std::size_t>(1.5 * std::cbrt(static_cast<double>(t)));
        double ratio = 1;
        for (std::size_t lag = 1; lag <= lags; ++lag) {
            double product = 0;
            for (std::size_t i = lag; i < t; ++i) product += residuals[i] * residuals[i - lag];
            const double weight = 1 - static_cast<double>(lag) / static_cast<double>(lags + 1);
            ratio += 2 * weight * product / variance;
        }
        // The mean was taken from the same few blocks, which hides some of the correlation.
        const auto left = static_cast<double>(t - std::min(t / 2, 2 * lags));
        found[t - 1] = std::max(1.0, ratio * static_cast<double>(t) / left);
    }
    return found;
}

/// What the bets of one direction have come to.
class Wealth {
public:
    /// `score` within ±1.
    void bet(double score) {
        for (std::size_t i = 0; i < fractions.size(); ++i) {
            logs_[i] += std::log1p(fractions[i] * score);
        }
    }
    [[nodiscard]] double log() const {
        const double most = *std::max_element(logs_.begin(), logs_.end());
        double sum = 0;
        for (const double each : logs_) sum += std::exp(each - most);
        return most + std::log(sum / static_cast<double>(fractions.size()));
    }

private:
    std::array<double, fractions.size()> logs_{};
};

/// One quantity of the pairs: its blocks, and which centres they refuse.
class Quantity {
public:
    Quantity(std::vector<Block> blocks, const PairedRule& rule)
        : blocks_(std::move(blocks)),
          inflations_(inflations_of(blocks_, rule.blocks_least)),
          least_(rule.blocks_least),
          limit_(std::log(1 / rule.level)) {}

    /// Whether "the centre is at most (sign 1), at least (sign -1) `shift`" was ever refused.
    [[nodiscard]] bool refuses(double shift, double sign) const {
        Wealth wealth;
        for (std::size_t i = 0; i < blocks_.size(); ++i) {
            wealth.bet(score(blocks_[i], shift) * sign);
            if (i + 1 >= least_ && wealth.log() >= limit_ * inflations_[i]) return true;
        }
        return false;
    }

    /// The middle of the blocks' centres.
    [[nodiscard]] double centre() const {
        std::vector<double> centres;
        for (const auto& block : blocks_) centres.push_back(block.centre);
        return centres.empty() ? 0 : trimmed_mean(centres);
    }

    /// The end of the interval on the side of `sign`: refuses() is monotone in the shift.
    [[nodiscard]] double end(double sign) const {
        if (blocks_.size() < least_) return sign * infinite;
        double inside = centre();
        double step = 0;
        for (const auto& block : blocks_) step = std::max(step, block.scale);
        step = std::max({step, std::abs(inside) * 1e-6, 1e-12});
        double outside = inside + sign * step;
        for (int i = 0; !refuses(outside, -sign); ++i) {
            if (i == 60) return sign * infinite;
            inside = outside;
            step *= 2;
            outside += sign * step;
        }
        for (int i = 0; i < 40; ++i) {
            const double middle = inside + (outside - inside) / 2;
            (refuses(middle, -sign) ? outside : inside) = middle;
        }
        return outside;
    }

    [[nodiscard]] double inflation() const { return inflations_.empty() ? 1 : inflations_.back(); }
    [[nodiscard]] std::size_t blocks() const { return blocks_.size(); }

private:
    static double score(const Block& block, double shift) {
        const double away = block.centre - shift;
        if (block.scale <= 0) return away > 0 ? 1 : away < 0 ? -1 : 0;
        return std::clamp(away / block.scale, -clip, clip) / clip;
    }

    std::vector<Block> blocks_;
    std::vector<double> inflations_;
    std::size_t least_;
    double limit_;
};

/// log(one / (other + by)): its sign is that of one - other - by, its noise that of a ratio, which
/// subjects of all sizes share.
Quantity exceeds(std::span<const Pair> pairs,
                 const PairedRule& rule,
                 double Pair::*one,
                 double Pair::*other) {
    const double by = rule.absolute;
    return {blocks_of(pairs, rule,
                      [=](const Pair& pair) { return std::log(pair.*one / (pair.*other + by)); }),
            rule};
}

PairedState state_of(std::span<const Pair> pairs,
                     const PairedRule& rule,
                     const PairedAnswer& answer) {
    const double ratio = 1 + rule.relative;
    const Quantity slower = exceeds(pairs, rule, &Pair::candidate, &Pair::baseline);
    if (answer.ratio_low > ratio && slower.refuses(0, 1)) return PairedState::slower;
    if (answer.ratio_high < 1 / ratio) {
        const Quantity faster = exceeds(pairs, rule, &Pair::baseline, &Pair::candidate);
        if (faster.refuses(0, 1)) return PairedState::faster;
    }
    if (answer.ratio_high < ratio || slower.refuses(0, -1)) return PairedState::no_slower;
    return PairedState::undecided;
}

}  // namespace

PairedAnswer compare_pairs(std::span<const Pair> pairs, const PairedRule& rule) {
    CHECK(rule.level > 0 && rule.level < 1 && rule.relative >= 0 && rule.absolute >= 0);
    CHECK(rule.pairs_of_block_least > 0);
    const Quantity ratio(
        blocks_of(pairs, rule,
                  [](const Pair& pair) { return std::log(pair.candidate / pair.baseline); }),
        rule);
    const Quantity difference(
        blocks_of(pairs, rule, [](const Pair& pair) { return pair.candidate - pair.baseline; }),
        rule);
    PairedAnswer answer;
    answer.pairs = pairs.size();
    answer.blocks = ratio.blocks();
    answer.ratio = std::exp(ratio.centre());
    answer.ratio_low = std::exp(ratio.end(-1));
    answer.ratio_high = std::exp(ratio.end(1));
    answer.difference = difference.centre();
    answer.difference_low = difference.end(-1);
    answer.difference_high = difference.end(1);
    answer.inflation = ratio.inflation();
    answer.state = state_of(pairs, rule, answer);
    return answer;
}

OneSidedAnswer compare_events(std::span<const OneSided> pairs, const PairedRule& rule) {
    OneSidedAnswer answer;
    answer.pairs = pairs.size();
    for (const auto& pair : pairs) {
        answer.both += pair.candidate && pair.baseline ? 1 : 0;
        answer.candidate_only += pair.candidate && !pair.baseline ? 1 : 0;
        answer.baseline_only += !pair.candidate && pair.baseline ? 1 : 0;
    }
    Wealth more;
    Wealth fewer;
    const double limit = std::log(1 / rule.level);
    each_block(pairs, rule, [&](std::size_t first, std::size_t last) {
        std::ptrdiff_t balance = 0;
        for (std::size_t i = first; i < last; ++i) {
            balance += (pairs[i].candidate ? 1 : 0) - (pairs[i].baseline ? 1 : 0);
        }
        const double score = balance > 0 ? 1 : balance < 0 ? -1 : 0;
        more.bet(score);
        fewer.bet(-score);
        if (answer.state != PairedState::undecided) return;
        if (more.log() >= limit) answer.state = PairedState::slower;
        if (fewer.log() >= limit) answer.state = PairedState::faster;
    });
    return answer;
}

}  // namespace weir::stats

// Paired: is the second of each pair slower (or faster) than the first? May be asked at any time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/time.h"

namespace weir::stats {

/// Two measurements of the same thing, taken close together. Both positive.
struct Pair {
    double baseline = 0;   // ns
    double candidate = 0;  // ns
    base::Nanos at{};      // when, from any origin
};

/// Slower means both: candidate > baseline * (1 + relative) and candidate - baseline > absolute.
/// Faster is the same with the two exchanged.
struct PairedRule {
    /// Of each end of each interval, hence of "slower" and of "faster" each: how likely it is
    /// ever wrong, however often one looks. In (0, 1).
    double level = 0.01;
    double relative = 0;  // >= 0
    double absolute = 0;  // ns, >= 0
    /// Pairs closer in time than this are one block: one vote.
    base::Nanos block = std::chrono::seconds(1);
    std::size_t pairs_of_block_least = 8;
    std::size_t blocks_least = 12;  // no decision before
};

enum class PairedState : std::uint8_t {
    undecided,
    slower,
    faster,
    no_slower,  // decided: not slower by more than the rule allows
};

/// An end that is not known yet is infinite (a ratio's low end: 0).
struct PairedAnswer {
    PairedState state = PairedState::undecided;
    std::size_t pairs = 0;
    std::size_t blocks = 0;
    double ratio = 1;  // of the typical pair, candidate / baseline
    double ratio_low = 0;
    double ratio_high = 0;
    double difference = 0;  // of the typical pair, ns
    double difference_low = 0;
    double difference_high = 0;
    double inflation = 1;  // how much more blocks vary together than independent ones would
};

/// `pairs` in the order of their time. "Typical" is the centre of the blocks' trimmed means, of
/// log(candidate / baseline) and of candidate - baseline. The absolute threshold is decided on
/// log(candidate / (baseline + absolute)), which has the sign of the difference that exceeds it.
///
/// For each shift d an e-process bets that block means lie above d:
///     E_t(d) = mean over f of prod_k (1 + f s_k(d)),  s_k = clip((m_k - d) / scale_k, ±2) / 2,
/// where scale_k is the larger of the block's own standard error and the robust spread of earlier
/// block means. If block means are symmetric about some centre <= d given the past, s_k has no
/// positive mean, so E is a non-negative supermartingale and by Ville's inequality reaches 1/level
/// with probability at most `level`, ever, whatever the tails. Pairs whose order was randomised are
/// symmetric when nothing changed. Where blocks are correlated E is raised to 1/inflation first,
/// inflation >= 1 being their long-run variance over their variance; so the guarantee for
/// independent blocks stays exact and that for correlated ones is asymptotic (tests/power).
/// Intervals are all d that neither direction has ever refused: valid at any stopping time.
/// Sources: Waudby-Smith & Ramdas, JRSS B 86, 2024 (betting); Howard & Ramdas, Bernoulli 28, 2022;
/// Newey & West, Econometrica 55, 1987 (long-run variance); Bulej et al., ICPE 2020 (duets).
[[nodiscard]] PairedAnswer compare_pairs(std::span<const Pair> pairs, const PairedRule& rule);

/// For failures: is an event on one side more frequent? Blocks vote by the sign of their
/// difference.
struct OneSided {
    bool baseline = false;   // happened there
    bool candidate = false;  // … and there
    base::Nanos at{};
};

struct OneSidedAnswer {
    PairedState state = PairedState::undecided;  // slower: candidate has more; faster: fewer
    std::size_t pairs = 0;
    std::size_t baseline_only = 0;
    std::size_t candidate_only = 0;
    std::size_t both = 0;
};

/// Exact if, nothing having changed, either side is as likely to have more in a block given the
/// past.
[[nodiscard]] OneSidedAnswer compare_events(std::span<const OneSided> pairs,
                                            const PairedRule& rule);

}  // namespace weir::stats

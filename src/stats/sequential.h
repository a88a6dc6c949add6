// Sequential evidence: what a run's windows say of a share or a mean, to be looked at at any time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::stats {

/// Natural logarithms of e-values: `against` speaks against "the limit is kept", `in_favour` for
/// it. By Ville's inequality an e-value reaches 1/a with probability at most a, at whatever moment
/// one looks (gates may stop early). Methods: docs/adr/0014; their error rates: docs/power.md.
struct Evidence {
    double against = 0;
    double in_favour = 0;
};

enum class Decision : std::uint8_t { undecided, against, in_favour };

/// Chances of a wrong decision, each in (0, 1).
struct ErrorLevels {
    double against = 0.01;    // a limit that is kept is called missed
    double in_favour = 0.01;  // a limit that is missed is called kept
};
/// `margin` in natural logarithms is asked on top: a live run that stops only beyond it is still
/// decided when its last answers have come in.
[[nodiscard]] Decision decide(const Evidence& evidence,
                              const ErrorLevels& levels,
                              double margin = 0) noexcept;

/// Fewer windows than this never decide anything: one bad moment must not look like a whole run.
inline constexpr std::size_t windows_least = 10;

/// What one of a run's equal windows counted, in the order of time; windows without trials are
/// allowed.
struct ShareBlock {
    std::uint64_t trials = 0;
    std::uint64_t hits = 0;  // as it should be: within the limit, not failed
    std::uint64_t tail = 0;  // of all trials: the slower ones, such as the slowest tenth; see below
};

/// Evidence for "at least `target` of the trials are hits", target in [0, 1]. Two kinds are joined:
///
/// Betting on block shares (Waudby-Smith & Ramdas, "Estimating means of bounded random variables by
/// betting", JRSS B 2023), a mixture over fixed stakes; nothing is assumed of what happens within a
/// block. Blocks of 1, 2, 4, … windows must all agree, so that the evidence outlives correlation
/// over up to a fifth of the run, and it must stand without the worst quarter of the run: no
/// verdict hangs on a single stretch. Against only.
///
/// A mixture of likelihood ratios (Robbins, "Statistical methods related to the law of the iterated
/// logarithm", 1970), tempered by how much more the windows differ than independent trials would
/// (dispersion()): of the hits, and of `tail`, which shows correlation also where there was no
/// miss. What no window has seen, it cannot know: bursts that are rarer than the run is long.
[[nodiscard]] Evidence share_evidence(std::span<const ShareBlock> windows, double target);

/// How many times the variance of the windows' shares exceeds that of independent trials: at least
/// 1; the greatest over blocks of 1, 2, 4, … windows. McCullagh & Nelder, "Generalized Linear
/// Models", 2nd ed. 1989, section 4.5 (Pearson's estimate for grouped binomial data).
[[nodiscard]] double dispersion(std::span<const ShareBlock> windows);

struct MeanBlock {
    std::uint64_t count = 0;
    double sum = 0;
};

/// Evidence for "the mean is at most `limit`", from the windows' means, each of the same weight:
/// the anytime-valid t-test (Wang & Ramdas, "Anytime-valid t-tests and confidence sequences for
/// Gaussian means with unknown variance", 2023, after Lai 1976). Blocks of 1, 2, 4, … windows must
/// all agree.
[[nodiscard]] Evidence mean_evidence(std::span<const MeanBlock> windows, double limit);

/// Evidence for "a window counts at least `least` on average"; the same test.
[[nodiscard]] Evidence flow_evidence(std::span<const double> windows, double least);

}  // namespace weir::stats

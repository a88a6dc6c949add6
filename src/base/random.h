// Random: a small seeded generator (xoshiro256**), so that every run can be replayed from its seed.
#pragma once

#include <array>
#include <cstdint>

namespace weir::base {

/// Not for secrets. Source: Blackman & Vigna, "Scrambled linear pseudorandom number generators",
/// ACM TOMS 2021; state filled by SplitMix64 as they advise.
class Random {
public:
    explicit Random(std::uint64_t seed) noexcept;

    [[nodiscard]] std::uint64_t next() noexcept;
    /// Uniform in [0, 1), 53 bits.
    [[nodiscard]] double unit() noexcept;
    /// Uniform in [0, bound); bound > 0. Unbiased (Lemire 2019).
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept;
    /// An independent generator for a part of the work, e.g. one per virtual user.
    [[nodiscard]] Random split() noexcept;

private:
    std::array<std::uint64_t, 4> state_{};
};

/// Fills `out` from the operating system's generator: for run ids and seeds, not for simulation.
[[nodiscard]] std::uint64_t entropy() noexcept;

}  // namespace weir::base

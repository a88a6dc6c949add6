// Noise: streams of latencies with a known quantile and mean, correlated as real services' are.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/random.h"

namespace weir::power {

enum class Noise : std::uint8_t {
    independent,  // log-normal
    ar_05,        // log-normal, AR(1) from request to request
    ar_09,
    heavy,   // Pareto with index 2.5: finite variance, hardly
    bursty,  // stretches of about a second in which half of the answers are slow
    paused,  // a pause of 200 ms in each 5 s, as of garbage collection
};
inline constexpr std::array all_noises{Noise::independent, Noise::ar_05,  Noise::ar_09,
                                       Noise::heavy,       Noise::bursty, Noise::paused};
[[nodiscard]] std::string_view name_of(Noise noise) noexcept;

/// One latency after another, in units in which quantile(q) of the whole stream is known.
class NoiseStream {
public:
    /// `per_second`: how many are drawn for a second of the run.
    NoiseStream(Noise noise, double per_second, std::uint64_t seed);
    [[nodiscard]] double next();

private:
    [[nodiscard]] double normal();

    Noise noise_;
    double per_second_;
    base::Random random_;
    double previous_ = 0;
    double time_ = 0;
    double cycle_end_ = 0;
    double pause_at_ = 0;
    bool bursting_ = false;
};

/// The value below which `share` of the stream's latencies lie, and its mean; from a long stream of
/// its own, so good to about a hundredth of their spread.
[[nodiscard]] double quantile_of(Noise noise, double per_second, double share);
[[nodiscard]] double mean_of(Noise noise, double per_second);

}  // namespace weir::power

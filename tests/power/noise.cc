#include "tests/power/noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "stats/interval.h"

namespace weir::power {
namespace {

constexpr double spread = 0.5;  // sd of the logarithm
constexpr std::size_t long_stream = 4'000'000;

double correlation(Noise noise) {
    if (noise == Noise::ar_05) return 0.5;
    return noise == Noise::ar_09 ? 0.9 : 0;
}

}  // namespace

std::string_view name_of(Noise noise) noexcept {
    switch (noise) {
        case Noise::independent:
            return "independent";
        case Noise::ar_05:
            return "AR(1) 0.5";
        case Noise::ar_09:
            return "AR(1) 0.9";
        case Noise::heavy:
            return "heavy-tailed";
        case Noise::bursty:
            return "bursty";
        case Noise::paused:
            return "pauses";
    }
    return "";
}

NoiseStream::NoiseStream(Noise noise, double per_second, std::uint64_t seed)
    : noise_(noise), per_second_(per_second), random_(seed) {
    previous_ = normal();
}

double NoiseStream::normal() {
    // Box & Muller 1958.
    const double radius = std::sqrt(-2 * std::log(1 - random_.unit()));
    return radius * std::cos(2 * std::numbers::pi * random_.unit());
}

double NoiseStream::next() {
    time_ += 1 / per_second_;
    if (noise_ == Noise::heavy) return std::pow(1 - random_.unit(), -1 / 2.5);
    const double rho = correlation(noise_);
    previous_ = rho * previous_ + std::sqrt(1 - rho * rho) * normal();
    double latency = std::exp(spread * previous_);
    if (noise_ == Noise::bursty) {
        // One second in fifty, in bursts of about a second.
        const double leave = bursting_ ? 1 / per_second_ : 1 / (49 * per_second_);
        if (random_.unit() < leave) bursting_ = !bursting_;
        if (bursting_ && random_.unit() < 0.5) latency *= 8;
    }
    if (noise_ == Noise::paused) {
        constexpr double cycle = 5;
        constexpr double pause = 0.2;
        if (time_ >= cycle_end_) {
            cycle_end_ += cycle;
            pause_at_ = cycle_end_ - cycle + random_.unit() * (cycle - pause);
        }
        const double within = time_ - pause_at_;
        if (within >= 0 && within < pause) latency += (pause - within) * 100;
    }
    return latency;
}

double quantile_of(Noise noise, double per_second, double share) {
    NoiseStream stream(noise, per_second, 1);
    std::vector<double> all(long_stream);
    for (auto& each : all) each = stream.next();
    const auto place = all.begin() + static_cast<std::ptrdiff_t>(share * long_stream);
    std::nth_element(all.begin(), place, all.end());
    return *place;
}

double mean_of(Noise noise, double per_second) {
    if (noise == Noise::heavy) return 2.5 / 1.5;
    NoiseStream stream(noise, per_second, 1);
    double sum = 0;
    for (std::size_t i = 0; i < long_stream; ++i) sum += stream.next();
    return sum / static_cast<double>(long_stream);
}

}  // namespace weir::power

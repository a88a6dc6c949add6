// Random: a seeded source of choices that gives the same sequence on every machine.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace weir::sample {

/// The standard's distributions differ between libraries, so the choices are made here.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    /// A number in [0, bound), for bounds far below 2^32.
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(((engine_() >> 32U) * bound) >> 32U);
    }
    /// True in that many of a thousand cases.
    bool per_mille(std::uint32_t share) { return below(1000) < share; }

    template <typename T, std::size_t extent>
    const T& pick(std::span<const T, extent> choices) {
        return choices[below(static_cast<std::uint32_t>(choices.size()))];
    }
    template <typename Container>
    const auto& pick(const Container& choices) {
        return choices[below(static_cast<std::uint32_t>(choices.size()))];
    }

    template <typename T>
    void shuffle(std::vector<T>& values) {
        for (auto i = values.size(); i > 1; --i) {
            std::swap(values[i - 1], values[below(static_cast<std::uint32_t>(i))]);
        }
    }

    /// A version 4 UUID (RFC 4122).
    std::string uuid();

private:
    std::mt19937_64 engine_;
};

}  // namespace weir::sample

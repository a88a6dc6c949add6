// Pairs: what a duet measured of each request: the same one on the baseline and on the candidate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace weir::record {

/// Which deployment of a duet; alone: there is but one.
enum class Side : std::uint8_t { alone, baseline, candidate };
[[nodiscard]] constexpr std::string_view word_of(Side side) noexcept {
    return side == Side::baseline ? "baseline" : side == Side::candidate ? "candidate" : "alone";
}

/// Response times (end - due) of one request by the same iteration on both sides.
struct PairedRequest {
    base::Nanos baseline{};
    base::Nanos candidate{};
    base::Nanos at{};  // when the first of the two was due, from the run's start
    bool baseline_failed = false;
    bool candidate_failed = false;
    [[nodiscard]] bool operator==(const PairedRequest&) const = default;
};

/// All pairs of one request name of one journey, in order of time.
struct PairSeries {
    static constexpr std::size_t pairs_most = 200'000;  // of a record, all names together

    std::string journey;
    std::string name;
    std::vector<PairedRequest> pairs;
    std::uint64_t unkept = 0;         // pairs beyond what a record holds
    std::uint64_t baseline_only = 0;  // requests of which the other side had none
    std::uint64_t candidate_only = 0;
    [[nodiscard]] bool operator==(const PairSeries&) const = default;
};

}  // namespace weir::record

// Arrivals: when iterations are due, as pure arithmetic: no clock, no drift, whole nanoseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "pace/wide.h"

namespace weir::pace {

/// `count` arrivals in each `per` (k6: rate and timeUnit). 2.5 a second is {5, 2 s}.
struct Rate {
    std::uint64_t count = 0;
    base::Nanos per = std::chrono::seconds(1);
};

/// Which arrivals of a schedule are ours: first, first + step, … so that workers and segments split
/// one schedule without talking to each other.
struct Partition {
    std::uint64_t first = 0;
    std::uint64_t step = 1;
};

/// Arrival i is due at floor(i * per / count): the first at 0, the last before `duration`.
class ConstantArrivals {
public:
    ConstantArrivals() = default;  // none at all
    /// CHECKs per > 0 and duration >= 0. A rate of zero has no arrivals.
    ConstantArrivals(Rate rate, base::Nanos duration);

    /// Arrival `index` of the whole schedule, or nothing after its end. O(1).
    [[nodiscard]] std::optional<base::Nanos> due(std::uint64_t index) const noexcept;
    /// How many the whole schedule has.
    [[nodiscard]] std::uint64_t count() const noexcept;

private:
    Rate rate_;
    base::Nanos duration_{};
};

/// `target` is reached at the end of `duration`, linearly; a duration of zero is a jump.
struct RateStage {
    base::Nanos duration{};
    std::uint64_t target = 0;
};

/// Arrival i is due when the area under the rate reaches i + 1 (k6's ramping-arrival-rate): the
/// first nanosecond at which it has. So there are floor(area) arrivals, the last one perhaps right
/// at the end.
class RampingArrivals {
public:
    RampingArrivals() = default;  // none at all
    /// `start` counts per `per` at first, as all targets do. CHECKs per > 0, durations >= 0 and a
    /// total length under 10,000 days; rates up to 10^9 per `per`.
    RampingArrivals(Rate start, const std::vector<RateStage>& stages);

    /// O(log stages).
    [[nodiscard]] std::optional<base::Nanos> due(std::uint64_t index) const noexcept;
    [[nodiscard]] std::uint64_t count() const noexcept;
    [[nodiscard]] base::Nanos duration() const noexcept;

private:
    struct Leg {
        std::int64_t start = 0;   // ns
        std::int64_t length = 0;  // ns, > 0
        std::int64_t from = 0;    // counts per unit
        std::int64_t to = 0;
        Wide before = 0;  // twice the area before the leg, in count * ns
    };
    [[nodiscard]] static std::int64_t reach(const Leg& leg, Wide twice_area) noexcept;

    std::vector<Leg> legs_;
    std::int64_t per_ = 1;  // ns
    std::uint64_t count_ = 0;
    base::Nanos duration_{};
};

/// Independent exponential gaps with the given mean rate; the same seed gives the same schedule.
class PoissonArrivals {
public:
    PoissonArrivals(Rate rate, base::Nanos duration, std::uint64_t seed);
    /// In order only: a Poisson schedule has no closed form by index.
    [[nodiscard]] std::optional<base::Nanos> next() noexcept;

private:
    base::Random random_;
    double mean_gap_ = 0;     // ns; 0: none at all
    std::int64_t whole_ = 0;  // ns; gaps are added to whole and fraction apart, so nothing drifts
    double fraction_ = 0;
    base::Nanos duration_{};
};

/// One side of a duet: pair i is due at the same time as arrival i of a constant schedule; a coin
/// says which side goes first, the other follows after `offset`. Pairs 2k and 2k + 1 have opposite
/// orders, so that order weighs equally on both sides.
class PairedArrivals {
public:
    struct Turn {
        bool second_side = false;  // the side that goes second when the coin shows heads
        base::Nanos offset{};      // 0: truly at once
        std::uint64_t seed = 0;    // the same on both sides
    };
    /// An offset beyond the gap between pairs is cut to it: due times do not go back.
    PairedArrivals(Rate rate, base::Nanos duration, Turn turn);

    /// O(1).
    [[nodiscard]] std::optional<base::Nanos> due(std::uint64_t index) const noexcept;
    [[nodiscard]] bool goes_first(std::uint64_t index) const noexcept;

private:
    ConstantArrivals pairs_;
    Turn turn_;
};

/// A schedule and how far it has been handed out. A value: copy it to start again.
class Arrivals {
public:
    using Schedule =
        std::variant<ConstantArrivals, RampingArrivals, PoissonArrivals, PairedArrivals>;

    Arrivals() = default;                              // none at all
    Arrivals(Schedule schedule, Partition part = {});  // NOLINT(google-explicit-constructor)

    /// The next due time of our part, from the scenario's start; non-decreasing; nothing at the
    /// end.
    [[nodiscard]] std::optional<base::Nanos> next();
    /// Its index in the whole schedule: that of the arrival next() will give.
    [[nodiscard]] std::uint64_t next_index() const noexcept { return index_; }

private:
    Schedule schedule_;
    Partition part_;
    std::uint64_t index_ = 0;
    std::uint64_t drawn_ = 0;  // of a Poisson schedule
};

[[nodiscard]] inline std::optional<base::Nanos> next(Arrivals& arrivals) {
    return arrivals.next();
}

/// "every step-th, from first on" of a schedule that has not been partitioned yet.
[[nodiscard]] Arrivals partition(Arrivals::Schedule schedule, Partition part);

}  // namespace weir::pace

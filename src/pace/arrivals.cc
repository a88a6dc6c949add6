#include "pace/arrivals.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.h"

namespace weir::pace {
namespace {

constexpr std::uint64_t rate_most = 1'000'000'000;
constexpr std::int64_t length_most = std::int64_t{10'000} * 86'400 * 1'000'000'000;

/// A product of 128 and 64 bits.
struct Product {
    UnsignedWide high = 0;
    std::uint64_t low = 0;
    [[nodiscard]] bool operator>=(const Product& other) const noexcept {
        return high != other.high ? high > other.high : low >= other.low;
    }
};

Product product(UnsignedWide a, std::uint64_t b) noexcept {
    const UnsignedWide low = static_cast<UnsignedWide>(static_cast<std::uint64_t>(a)) * b;
    return {(a >> 64U) * b + (low >> 64U), static_cast<std::uint64_t>(low)};
}

/// Where the answer is: not reached at the first, reached at the second. Gallops away from the
/// guess, which is most often right to a nanosecond.
template <typename Reached>
std::pair<std::int64_t, std::int64_t> bracket(double guess,
                                              std::int64_t length,
                                              Reached&& reached) {
    const std::pair<std::int64_t, std::int64_t> whole{0, length};
    if (!(guess > 0 && guess < static_cast<double>(length))) return whole;
    const auto middle = static_cast<std::int64_t>(guess);
    for (std::int64_t step = 1; step < length; step *= 2) {
        const std::int64_t below = std::max<std::int64_t>(middle - step, 0);
        const std::int64_t above = std::min(middle + step, length);
        if (!reached(below) && reached(above)) return {below, above};
    }
    return whole;
}

}  // namespace

ConstantArrivals::ConstantArrivals(Rate rate, base::Nanos duration)
    : rate_(rate), duration_(duration) {
    CHECK(rate.per.count() > 0 && duration.count() >= 0);
}

std::optional<base::Nanos> ConstantArrivals::due(std::uint64_t index) const noexcept {
    if (index >= count()) return std::nullopt;
    const Wide at = Wide{index} * rate_.per.count() / rate_.count;
    return base::Nanos(static_cast<std::int64_t>(at));
}

std::uint64_t ConstantArrivals::count() const noexcept {
    // The least i with floor(i * per / count) >= duration: that is i >= duration * count / per.
    const Wide area = Wide{duration_.count()} * rate_.count;
    return static_cast<std::uint64_t>((area + rate_.per.count() - 1) / rate_.per.count());
}

RampingArrivals::RampingArrivals(Rate start, const std::vector<RateStage>& stages)
    : per_(start.per.count()) {
    CHECK(per_ > 0 && start.count <= rate_most);
    auto rate = static_cast<std::int64_t>(start.count);
    std::int64_t begin = 0;
    Wide area = 0;  // twice, in count * ns
    for (const auto& stage : stages) {
        const std::int64_t length = stage.duration.count();
        CHECK(length >= 0 && length <= length_most - begin && stage.target <= rate_most);
        const auto target = static_cast<std::int64_t>(stage.target);
        if (length > 0) {
            legs_.push_back({begin, length, rate, target, area});
            area += Wide{rate + target} * length;
            begin += length;
        }
        rate = target;
    }
    count_ = static_cast<std::uint64_t>(area / (Wide{2} * per_));
    duration_ = base::Nanos(begin);
}

std::uint64_t RampingArrivals::count() const noexcept {
    return count_;
}
base::Nanos RampingArrivals::duration() const noexcept {
    return duration_;
}

std::optional<base::Nanos> RampingArrivals::due(std::uint64_t index) const noexcept {
    if (index >= count_) return std::nullopt;
    const Wide target = Wide{2} * per_ * (Wide{index} + 1);
    // The last leg that begins before the area is reached.
    const auto after = std::partition_point(legs_.begin(), legs_.end(),
                                            [&](const Leg& leg) { return leg.before < target; });
    const Leg& leg = *(after - 1);
    return base::Nanos(leg.start + reach(leg, target - leg.before));
}

/// The first whole ns t with 2 * integral(0..t) of the rate >= twice_area. With rate a + (b - a) t
/// / L:
///     2 a t + (b - a) t^2 / L = A   =>   t = A / (a + sqrt(a^2 + (b - a) A / L)),
/// the form of the root in which nothing cancels. Floating point gives a guess, whole numbers the
/// answer.
std::int64_t RampingArrivals::reach(const Leg& leg, Wide twice_area) noexcept {
    const auto length = static_cast<std::uint64_t>(leg.length);
    const Product goal = product(static_cast<UnsignedWide>(twice_area), length);
    const auto reached = [&](std::int64_t t) {  // t * (2 a L + (b - a) t) >= A * L
        const Wide height = Wide{2} * leg.from * leg.length + Wide{leg.to - leg.from} * t;
        return product(static_cast<UnsignedWide>(height), static_cast<std::uint64_t>(t)) >= goal;
    };
    const auto a = static_cast<double>(leg.from);
    const auto slope = static_cast<double>(leg.to - leg.from) / static_cast<double>(leg.length);
    const auto area = static_cast<double>(twice_area);
    const double guess = area / (a + std::sqrt(std::max(0.0, a * a + slope * area)));
    auto [low, high] = bracket(guess, leg.length, reached);
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (reached(middle) ? high : low) = middle;
    }
    return high;
}

PoissonArrivals::PoissonArrivals(Rate rate, base::Nanos duration, std::uint64_t seed)
    : random_(seed), duration_(duration) {
    CHECK(rate.per.count() > 0 && duration.count() >= 0);
    if (rate.count > 0) {
        mean_gap_ = static_cast<double>(rate.per.count()) / static_cast<double>(rate.count);
    }
}

std::optional<base::Nanos> PoissonArrivals::next() noexcept {
    if (mean_gap_ <= 0 || whole_ >= duration_.count()) return std::nullopt;
    fraction_ += -std::log1p(-random_.unit()) * mean_gap_;
    // A gap longer than what is left ends the schedule; so the conversion below cannot overflow.
    if (fraction_ >= static_cast<double>(duration_.count() - whole_)) {
        whole_ = duration_.count();
        return std::nullopt;
    }
    const double whole = std::floor(fraction_);
    whole_ += static_cast<std::int64_t>(whole);
    fraction_ -= whole;
    return base::Nanos(whole_);
}

PairedArrivals::PairedArrivals(Rate rate, base::Nanos duration, Turn turn)
    : pairs_(rate, duration), turn_(turn) {
    CHECK(turn.offset.count() >= 0);
    if (rate.count == 0) return;
    const auto gap = base::Nanos(static_cast<std::int64_t>(Wide{rate.per.count()} / rate.count));
    turn_.offset = std::min(turn_.offset, gap);
}

bool PairedArrivals::goes_first(std::uint64_t index) const noexcept {
    const std::uint64_t couple = index / 2;
    const bool heads = (base::Random(turn_.seed + couple).next() >> 63U) != 0;
    return (heads == (index % 2 == 0)) != turn_.second_side;
}

std::optional<base::Nanos> PairedArrivals::due(std::uint64_t index) const noexcept {
    const auto at = pairs_.due(index);
    if (!at || goes_first(index)) return at;
    return *at + turn_.offset;
}

Arrivals::Arrivals(Schedule schedule, Partition part)
    : schedule_(std::move(schedule)), part_(part), index_(part.first) {
    CHECK(part.step > 0);
}

std::optional<base::Nanos> Arrivals::next() {
    std::optional<base::Nanos> due;
    if (auto* poisson = std::get_if<PoissonArrivals>(&schedule_)) {
        // Every part draws the whole schedule and keeps its own, so that all parts agree on it.
        for (; drawn_ <= index_; ++drawn_) {
            due = poisson->next();
            if (!due) return std::nullopt;
        }
    } else if (const auto* ramping = std::get_if<RampingArrivals>(&schedule_)) {
        due = ramping->due(index_);
    } else if (const auto* paired = std::get_if<PairedArrivals>(&schedule_)) {
        due = paired->due(index_);
    } else {
        due = std::get<ConstantArrivals>(schedule_).due(index_);
    }
    if (due) index_ += part_.step;
    return due;
}

Arrivals partition(Arrivals::Schedule schedule, Partition part) {
    return Arrivals(std::move(schedule), part);
}

}  // namespace weir::pace

#include "stats/distribution.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/assert.h"

namespace weir::stats {
namespace {

constexpr double nanos_per_ms = 1e6;
/// Units stay below 2^62 (Histogram::default_highest); the first value is put in the middle.
constexpr int unit_bits_most = 62;
constexpr int unit_bits_first = 31;
/// When the range must grow, so many doublings more than needed, so that it seldom grows again.
constexpr int spare_bits = 8;
constexpr double units_most = 0x1p62;

/// Saturates instead of overflowing: what does not fit lands in the histogram's overflow.
std::int64_t saturated(double units) {
    return units >= units_most ? INT64_MAX : static_cast<std::int64_t>(units);
}

/// magnitude = m * 2^result with 0.5 <= m < 1: the number of bits of its whole part.
int bits_of(double magnitude) {
    return std::ilogb(magnitude) + 1;
}

std::int64_t shifted(std::int64_t units, int left) {
    if (left >= 0) return units << left;
    return left > -63 ? units >> -left : 0;
}

/// The same counts with every value multiplied by 2^left.
Histogram rescaled(const Histogram& from, int left) {
    Histogram to(from.digits(), from.highest());
    from.for_each([&](const Histogram::Bucket& b) { to.add(shifted(b.low, left), b.count); });
    return to;
}

}  // namespace

Distribution::Distribution(Kind kind, int digits)
    : positive_(digits),
      exponent_(kind == Kind::plain ? no_exponent : std::int16_t{0}),
      kind_(kind) {}

Distribution::Distribution(const Distribution& other)
    : positive_(other.positive_),
      negative_(other.negative_ ? std::make_unique<Histogram>(*other.negative_) : nullptr),
      sum_(other.sum_),
      min_(other.min_),
      max_(other.max_),
      exponent_(other.exponent_),
      kind_(other.kind_),
      whole_(other.whole_) {}

Distribution& Distribution::operator=(const Distribution& other) {
    if (this != &other) *this = Distribution(other);
    return *this;
}

Histogram& Distribution::negatives() {
    if (!negative_) negative_ = std::make_unique<Histogram>(positive_.digits());
    return *negative_;
}

void Distribution::add(double value, std::uint64_t times) {
    CHECK(std::isfinite(value));
    if (times == 0) return;
    if (kind_ == Kind::plain) {
        add_plain(value, times);
        return;
    }
    whole_ = whole_ && value == std::trunc(value);
    const double nanos = std::round(std::fabs(value) * nanos_per_ms);
    const std::int64_t magnitude = saturated(nanos);
    add_nanos(value < 0 ? -magnitude : magnitude, times);
}

void Distribution::add_nanos(std::int64_t nanos) {
    CHECK(kind_ == Kind::time);
    whole_ = false;
    add_nanos(nanos, 1);
}

void Distribution::add_nanos(std::int64_t nanos, std::uint64_t times) {
    sum_.add(static_cast<double>(nanos) * static_cast<double>(times));
    if (nanos >= 0) {
        positive_.add(nanos, times);
    } else {
        negatives().add(-nanos, times);
    }
}

void Distribution::add_plain(double value, std::uint64_t times) {
    min_ = empty() ? value : std::min(min_, value);
    max_ = empty() ? value : std::max(max_, value);
    whole_ = whole_ && value == std::trunc(value);
    sum_.add(value * static_cast<double>(times));
    if (value != 0) make_room_for(std::fabs(value));
    if (value >= 0) {
        positive_.add(units_of(value), times);
    } else {
        negatives().add(units_of(-value), times);
    }
}

/// Moves the unit so that `magnitude` has full precision, if what is there already allows it.
void Distribution::make_room_for(double magnitude) {
    const int bits = bits_of(magnitude);
    if (exponent_ == no_exponent) {
        exponent_ = static_cast<std::int16_t>(bits - unit_bits_first);
        return;
    }
    const int finest = positive_.octave_bits() + 1;  // bits that the smallest value should have
    if (bits - exponent_ > unit_bits_most) {
        change_exponent(bits - unit_bits_most);
    } else if (bits - exponent_ < finest) {
        const int floor = bits_of(std::max(magnitude_most(), magnitude)) - unit_bits_most;
        change_exponent(std::min<int>(exponent_, std::max(bits - finest - spare_bits, floor)));
    }
}

void Distribution::change_exponent(int exponent) {
    if (exponent == exponent_) return;
    const int left = exponent_ - exponent;
    positive_ = rescaled(positive_, left);
    if (negative_) *negative_ = rescaled(*negative_, left);
    exponent_ = static_cast<std::int16_t>(exponent);
}

double Distribution::magnitude_most() const noexcept {
    return std::max(std::fabs(min_), std::fabs(max_));
}

std::int64_t Distribution::units_of(double magnitude) const noexcept {
    if (kind_ == Kind::time) return saturated(std::floor(magnitude * nanos_per_ms + 0.5));
    if (exponent_ == no_exponent) return magnitude > 0 ? INT64_MAX : 0;
    return saturated(std::floor(std::ldexp(magnitude, -exponent_)));
}

double Distribution::value_of(double units) const noexcept {
    if (kind_ == Kind::time) return units / nanos_per_ms;
    return exponent_ == no_exponent ? 0 : std::ldexp(units, exponent_);
}

/// The finer of both units, unless the greatest value does not fit it.
void Distribution::agree_on_unit(const Distribution& other) {
    min_ = empty() ? other.min_ : std::min(min_, other.min_);
    max_ = empty() ? other.max_ : std::max(max_, other.max_);
    if (exponent_ == no_exponent) exponent_ = other.exponent_;
    if (other.exponent_ == no_exponent) return;
    const int floor = bits_of(magnitude_most()) - unit_bits_most;
    change_exponent(std::max<int>(std::min(exponent_, other.exponent_), floor));
}

void Distribution::merge(const Distribution& other) {
    CHECK(kind_ == other.kind_);
    if (other.empty()) return;
    if (kind_ == Kind::plain) agree_on_unit(other);
    sum_.merge(other.sum_);
    whole_ = whole_ && other.whole_;
    const int left = other.exponent_ == no_exponent ? 0 : other.exponent_ - exponent_;
    positive_.merge(left == 0 ? other.positive_ : rescaled(other.positive_, left));
    if (!other.negative_) return;
    negatives().merge(left == 0 ? *other.negative_ : rescaled(*other.negative_, left));
}

Distribution Distribution::since(const Distribution& earlier) const {
    CHECK(kind_ == earlier.kind_);
    if (earlier.empty()) return *this;
    const bool moved = earlier.exponent_ != no_exponent && earlier.exponent_ != exponent_;
    const auto in_unit = [&](const Histogram& h) {
        return moved ? rescaled(h, earlier.exponent_ - exponent_) : h;
    };
    Distribution fresh(kind_, positive_.digits());
    fresh.exponent_ = exponent_;
    fresh.whole_ = whole_;
    fresh.positive_ = positive_.since(in_unit(earlier.positive_));
    if (negative_) {
        Histogram below =
            earlier.negative_ ? negative_->since(in_unit(*earlier.negative_)) : *negative_;
        if (!below.empty()) fresh.negative_ = std::make_unique<Histogram>(std::move(below));
    }
    fresh.sum_ = sum_;
    fresh.sum_.add(-earlier.sum_.high());
    fresh.sum_.add(-earlier.sum_.low());
    if (kind_ == Kind::time || fresh.empty()) return fresh;
    const auto units = [](std::int64_t of) { return static_cast<double>(of); };
    const double low = fresh.negative_ ? -value_of(units(fresh.negative_->max()))
                                       : value_of(units(fresh.positive_.min()));
    const double high = fresh.positive_.empty() ? -value_of(units(fresh.negative_->min()))
                                                : value_of(units(fresh.positive_.max()));
    fresh.min_ = min_ < earlier.min_ ? min_ : std::max(min_, low);
    fresh.max_ = max_ > earlier.max_ ? max_ : std::min(max_, high);
    return fresh;
}

std::uint64_t Distribution::count() const noexcept {
    return positive_.count() + (negative_ ? negative_->count() : 0);
}

double Distribution::sum() const noexcept {
    return kind_ == Kind::time ? sum_.value() / nanos_per_ms : sum_.value();
}

double Distribution::mean() const noexcept {
    return empty() ? 0 : sum() / static_cast<double>(count());
}

double Distribution::min() const noexcept {
    if (empty()) return 0;
    if (kind_ == Kind::plain) return min_;
    if (negative_) return -value_of(static_cast<double>(negative_->max()));
    return value_of(static_cast<double>(positive_.min()));
}

double Distribution::max() const noexcept {
    if (empty()) return 0;
    if (kind_ == Kind::plain) return max_;
    if (positive_.empty()) return -value_of(static_cast<double>(negative_->min()));
    return value_of(static_cast<double>(positive_.max()));
}

double Distribution::value_at_rank(std::uint64_t rank) const {
    const std::uint64_t all = count();
    CHECK(rank < all);
    if (rank == 0) return min();
    if (rank == all - 1) return max();
    const std::uint64_t below_zero = negative_ ? negative_->count() : 0;
    double value = rank < below_zero ? -value_of(negative_->value_at_rank(below_zero - 1 - rank))
                                     : value_of(positive_.value_at_rank(rank - below_zero));
    if (whole_) value = std::round(value);
    return std::clamp(value, min(), max());
}

double Distribution::quantile(double q) const {
    CHECK(q >= 0 && q <= 1);
    const std::uint64_t all = count();
    if (all == 0) return 0;
    const double position = q * static_cast<double>(all - 1);
    const double below = std::floor(position);
    const auto rank = std::min(static_cast<std::uint64_t>(below), all - 1);
    const double low = value_at_rank(rank);
    if (position == below || rank + 1 >= all) return low;
    return low + (value_at_rank(rank + 1) - low) * (position - below);
}

std::uint64_t Distribution::count_at_most(double limit) const {
    if (empty() || !(limit >= min())) return 0;
    if (limit >= max()) return count();
    if (limit >= 0) {
        const std::uint64_t below_zero = negative_ ? negative_->count() : 0;
        return below_zero + positive_.count_at_most(units_of(limit));
    }
    // -m <= limit means m >= |limit|: all but those in buckets below the limit's.
    const auto [low, width] = negative_->bucket_of(units_of(-limit));
    return negative_->count_over(low - 1);
}

double Distribution::share_at_most(double limit) const {
    if (empty()) return 1;
    return static_cast<double>(count_at_most(limit)) / static_cast<double>(count());
}

base::Result<Distribution> Distribution::from_parts(Parts parts) {
    const base::Error contradiction{base::Code::invalid,
                                    "a distribution whose buckets, unit and extremes contradict "
                                    "each other"};
    Distribution made(parts.kind, parts.positive.digits());
    const auto in_layout = [](const Histogram& h) {
        return h.highest() == Histogram::default_highest;
    };
    if (!in_layout(parts.positive)) return contradiction;
    if (parts.negative && (parts.negative->empty() || !in_layout(*parts.negative) ||
                           parts.negative->digits() != parts.positive.digits())) {
        return contradiction;
    }
    made.positive_ = std::move(parts.positive);
    made.negative_ = std::move(parts.negative);
    made.sum_ = parts.sum;
    made.whole_ = parts.whole;
    if (!std::isfinite(parts.sum.high()) || !std::isfinite(parts.sum.low())) return contradiction;
    if (parts.kind == Kind::time) return made;
    made.min_ = parts.min;
    made.max_ = parts.max;
    if (parts.min != 0 || parts.max != 0) {
        made.exponent_ = static_cast<std::int16_t>(std::clamp(parts.exponent, -2000, 2000));
    }
    if (!made.consistent()) return contradiction;
    return made;
}

/// The greatest magnitude has the bits that its units say: so no change of the unit can overflow.
bool Distribution::consistent() const noexcept {
    if (!std::isfinite(min_) || !std::isfinite(max_) || min_ > max_) return false;
    if (negative_ ? min_ >= 0 : min_ < 0) return false;
    const std::int64_t units = std::max(positive_.max(), negative_ ? negative_->max() : 0);
    if (units == 0) return magnitude_most() == 0;
    if (magnitude_most() == 0 || positive_.overflow() > 0) return false;
    if (negative_ && negative_->overflow() > 0) return false;
    return bits_of(magnitude_most()) - exponent_ ==
           static_cast<int>(std::bit_width(static_cast<std::uint64_t>(units)));
}

std::size_t Distribution::memory_bytes() const noexcept {
    return sizeof *this - sizeof positive_ + positive_.memory_bytes() +
           (negative_ ? negative_->memory_bytes() : 0);
}

bool Distribution::operator==(const Distribution& other) const {
    const bool negatives_agree =
        !negative_ == !other.negative_ && (!negative_ || *negative_ == *other.negative_);
    return kind_ == other.kind_ && exponent_ == other.exponent_ && whole_ == other.whole_ &&
           sum_ == other.sum_ && min() == other.min() && max() == other.max() && negatives_agree &&
           positive_ == other.positive_;
}

}  // namespace weir::stats

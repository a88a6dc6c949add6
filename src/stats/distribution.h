// Distribution: what a trend keeps of its values (any finite doubles) in constant memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/result.h"
#include "stats/histogram.h"
#include "stats/sum.h"

namespace weir::stats {

/// Count, sum, least and greatest exactly; every quantile within 10^-digits of the value.
/// Two kinds. time(): values in milliseconds, kept in whole nanoseconds. plain(): any magnitude;
/// the unit is a power of two that follows the data (as HdrHistogram's DoubleHistogram does), so
/// the error bound holds while greatest / least magnitude < 2^50; smaller ones then lose relative
/// precision.
class Distribution {
public:
    enum class Kind : std::uint8_t { time, plain };

    Distribution() : Distribution(Kind::time) {}
    explicit Distribution(Kind kind, int digits = Histogram::default_digits);
    [[nodiscard]] static Distribution time() { return Distribution(Kind::time); }
    [[nodiscard]] static Distribution plain() { return Distribution(Kind::plain); }
    Distribution(const Distribution& other);
    Distribution& operator=(const Distribution& other);
    Distribution(Distribution&&) noexcept = default;
    Distribution& operator=(Distribution&&) noexcept = default;
    ~Distribution() = default;

    /// A finite value (CHECKed); milliseconds for time().
    void add(double value) { add(value, 1); }
    void add(double value, std::uint64_t times);
    /// The hot path of time(): whole nanoseconds, no floating point but the sum.
    void add_nanos(std::int64_t nanos);
    /// Lossless within a kind and its digits (CHECKed): the same as having added all values to one.
    void merge(const Distribution& other);
    /// The values that came after `earlier` was a copy of this one. Count and sum are exact; see
    /// Histogram::since for the extremes.
    [[nodiscard]] Distribution since(const Distribution& earlier) const;

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] std::uint64_t count() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return count() == 0; }
    // All in the trend's own unit (milliseconds for time); 0 when empty.
    [[nodiscard]] double sum() const noexcept;
    [[nodiscard]] double mean() const noexcept;
    [[nodiscard]] double min() const noexcept;
    [[nodiscard]] double max() const noexcept;
    /// q in [0, 1] (CHECKed). Linear interpolation between ranks, as k6's p(x) and med.
    [[nodiscard]] double quantile(double q) const;
    /// The rank-th smallest value, 0 <= rank < count() (CHECKed).
    [[nodiscard]] double value_at_rank(std::uint64_t rank) const;
    /// How many values are at most `limit`, within the limit's bucket (see
    /// Histogram::count_at_most).
    [[nodiscard]] std::uint64_t count_at_most(double limit) const;
    [[nodiscard]] std::uint64_t count_over(double limit) const {
        return count() - count_at_most(limit);
    }
    [[nodiscard]] double share_at_most(double limit) const;

    // What the codec needs: magnitudes in units, and the unit.
    [[nodiscard]] const Histogram& positive() const noexcept { return positive_; }
    [[nodiscard]] const Histogram* negative() const noexcept { return negative_.get(); }
    /// plain: a magnitude is units * 2^exponent; time: always 0 and units are nanoseconds.
    [[nodiscard]] int exponent() const noexcept { return exponent_; }
    /// Of nanoseconds for time, of values for plain.
    [[nodiscard]] const Sum& exact_sum() const noexcept { return sum_; }
    /// Every value so far was a whole number; then the values at ranks are rounded to such.
    [[nodiscard]] bool whole() const noexcept { return whole_; }
    struct Parts {
        Kind kind = Kind::time;
        int exponent = 0;
        Histogram positive;
        std::unique_ptr<Histogram> negative;
        Sum sum;
        double min = 0;  // plain only; time has them in its histograms
        double max = 0;
        bool whole = false;
    };
    /// Untrusted parts, e.g. decoded: an Error when they contradict each other.
    [[nodiscard]] static base::Result<Distribution> from_parts(Parts parts);

    [[nodiscard]] std::size_t memory_bytes() const noexcept;
    [[nodiscard]] bool operator==(const Distribution& other) const;

private:
    static constexpr std::int16_t no_exponent = INT16_MAX;

    [[nodiscard]] std::int64_t units_of(double magnitude) const noexcept;
    void make_room_for(double magnitude);
    void change_exponent(int exponent);
    void agree_on_unit(const Distribution& other);
    void add_plain(double value, std::uint64_t times);
    void add_nanos(std::int64_t nanos, std::uint64_t times);
    [[nodiscard]] Histogram& negatives();
    [[nodiscard]] double value_of(double units) const noexcept;
    [[nodiscard]] double magnitude_most() const noexcept;
    [[nodiscard]] bool consistent() const noexcept;

    Histogram positive_;                   // values >= 0, in units
    std::unique_ptr<Histogram> negative_;  // magnitudes of values < 0; null until there is one
    Sum sum_;
    double min_ = 0;  // plain only; time has them in its histograms
    double max_ = 0;
    std::int16_t exponent_ = 0;  // plain: no_exponent until there is a value other than 0
    Kind kind_;
    bool whole_ = true;
};

}  // namespace weir::stats

// Distribution: what a trend keeps of its values (any finite doubles) in constant memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "stats/histogram.h"
#include "stats/sum.h"

namespace weir::stats {

/// Count, sum, least and greatest exactly; every quantile within 10^-digits of the value.
/// Two kinds. time(): values in milliseconds, kept in whole nanoseconds. plain(): any magnitude; the
/// unit is a power of two that follows the data (as HdrHistogram's DoubleHistogram does), so the
/// error bound holds while greatest / least magnitude < 2^50; smaller ones then lose relative precision.
class Distribution {
public:
    enum class Kind : std::uint8_t { time, plain };

    explicit Distribution(Kind kind = Kind::time, int digits = Histogram::default_digits);
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
    /// Lossless within a kind (CHECKed): the same as having added all values to one.
    void merge(const Distribution& other);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] std::uint64_t count() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return count() == 0; }
    // All in the trend's own unit (milliseconds for time); 0 when empty.
    [[nodiscard]] double sum() const noexcept;
    [[nodiscard]] double mean() const noexcept;
    [[nodiscard]] double min() const noexcept { return empty() ? 0 : min_; }
    [[nodiscard]] double max() const noexcept { return empty() ? 0 : max_; }
    /// q in [0, 1] (CHECKed). Linear interpolation between ranks, as k6's p(x) and med.
    [[nodiscard]] double quantile(double q) const;
    /// The rank-th smallest value, 0 <= rank < count() (CHECKed).
    [[nodiscard]] double value_at_rank(std::uint64_t rank) const;
    /// How many values are at most `limit`, within the limit's bucket (see Histogram::count_at_most).
    [[nodiscard]] std::uint64_t count_at_most(double limit) const;
    [[nodiscard]] std::uint64_t count_over(double limit) const { return count() - count_at_most(limit); }
    [[nodiscard]] double share_at_most(double limit) const;

    // What the codec needs: magnitudes in units, and the unit.
    [[nodiscard]] const Histogram& positive() const noexcept { return positive_; }
    [[nodiscard]] const Histogram* negative() const noexcept { return negative_.get(); }
    /// One unit in the trend's own unit: 1e-6 (ms) for time, a power of two for plain.
    [[nodiscard]] double unit() const noexcept;
    [[nodiscard]] int exponent() const noexcept { return exponent_; }
    [[nodiscard]] const Sum& exact_sum() const noexcept { return sum_; }
    struct Parts {
        Kind kind = Kind::time;
        int exponent = 0;
        Histogram positive;
        std::unique_ptr<Histogram> negative;
        Sum sum;
        double min = 0;
        double max = 0;
    };
    [[nodiscard]] static Distribution from_parts(Parts parts);

    [[nodiscard]] std::size_t memory_bytes() const noexcept;
    [[nodiscard]] bool operator==(const Distribution& other) const;

private:
    [[nodiscard]] std::int64_t to_units(double magnitude);
    void change_exponent(int exponent);
    void note_extremes(double value) noexcept;

    Histogram positive_;                   // values >= 0
    std::unique_ptr<Histogram> negative_;  // magnitudes of values < 0; null until there is one
    Sum sum_;                              // in the trend's own unit; nanoseconds for time
    double min_ = 0;
    double max_ = 0;
    std::int16_t exponent_ = 0;            // plain: unit = 2^exponent_
    Kind kind_;
};

}  // namespace weir::stats

// Histogram: counts of whole values >= 0 in HdrHistogram's log-linear buckets; small while sparse.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace weir::stats {

/// Values 0 .. highest() in buckets whose width is at most 10^-digits of the value. A value above
/// highest() is counted in the last bucket and in overflow(): it stays in every percentile.
/// Layout: HdrHistogram (lowest discernible value 1), so that hdr_codec.h can exchange it
/// losslessly. Memory: one cache line per touched run of 16 buckets; it depends on the values seen,
/// not on how many.
class Histogram {
public:
    static constexpr int default_digits = 3;
    static constexpr std::int64_t default_highest = (std::int64_t{1} << 62) - 1;

    Histogram() : Histogram(default_digits) {}
    /// `digits` 1..4; `highest` at least 2 (both CHECKed).
    explicit Histogram(int digits, std::int64_t highest = default_highest);

    /// O(1). Allocates only when a bucket's neighbourhood is seen for the first time.
    /// A negative value is a broken promise (CHECKed).
    void add(std::int64_t value) { add(value, 1); }
    void add(std::int64_t value, std::uint64_t times);
    /// Lossless when digits agree (CHECKed).
    void merge(const Histogram& other);
    /// The values that came after `earlier` was a copy of this one: exact in every bucket. An
    /// extreme that is not new is only known by its bucket. Digits must agree (CHECKed).
    [[nodiscard]] Histogram since(const Histogram& earlier) const;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::uint64_t overflow() const noexcept { return overflow_; }
    [[nodiscard]] int digits() const noexcept { return digits_; }
    [[nodiscard]] std::int64_t highest() const noexcept { return highest_; }
    /// log2 of the number of buckets in each doubling of the value.
    [[nodiscard]] int octave_bits() const noexcept { return octave_bits_; }
    /// Exact; 0 when empty. Above highest() only if overflow() > 0.
    [[nodiscard]] std::int64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
    [[nodiscard]] std::int64_t max() const noexcept { return count_ == 0 ? 0 : max_; }

    /// The value of that rank among all values in order, 0 <= rank < count() (CHECKed); within a
    /// bucket values count as evenly spread. Off by at most one bucket's width.
    [[nodiscard]] double value_at_rank(std::uint64_t rank) const;
    /// Linear interpolation between ranks, as k6's p(x): position q * (count - 1). 0 when empty.
    [[nodiscard]] double value_at_quantile(double q) const;
    /// How many values are at most `limit`; the limit's own bucket counts as within (HdrHistogram's
    /// rule).
    [[nodiscard]] std::uint64_t count_at_most(std::int64_t limit) const;
    [[nodiscard]] std::uint64_t count_over(std::int64_t limit) const {
        return count_ - count_at_most(limit);
    }
    /// count_at_most / count; 1 when empty (nothing was over).
    [[nodiscard]] double share_at_most(std::int64_t limit) const;

    struct Bucket {
        std::int64_t low = 0;    // first value of the bucket
        std::int64_t width = 1;  // how many whole values it covers
        std::uint64_t count = 0;
        std::size_t index = 0;  // HdrHistogram's counts-array index
    };
    /// Each bucket that is not empty, ascending.
    void for_each(const std::function<void(const Bucket&)>& visit) const;
    [[nodiscard]] std::vector<Bucket> buckets() const;

    /// First value and width of the bucket that `value` falls in.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> bucket_of(
        std::int64_t value) const noexcept;
    /// Bytes held, for tests and limits.
    [[nodiscard]] std::size_t memory_bytes() const noexcept;
    /// Restores what the buckets cannot carry, e.g. after decoding. CHECKs min <= max.
    void restore_extremes(std::int64_t min, std::int64_t max, std::uint64_t overflow);

    [[nodiscard]] bool operator==(const Histogram& other) const;

private:
    static constexpr std::size_t page_slots = 16;  // 64 bytes: a cache line
    static constexpr std::uint16_t no_page = 0xFFFF;

    [[nodiscard]] std::size_t index_of(std::int64_t value) const noexcept {
        const auto bits = static_cast<std::uint64_t>(value);
        const std::uint64_t mask = (std::uint64_t{2} << octave_bits_) - 1;
        const int shift = 63 - std::countl_zero(bits | mask) - octave_bits_;
        return (static_cast<std::size_t>(shift) << octave_bits_) +
               static_cast<std::size_t>(bits >> shift);
    }
    [[nodiscard]] Bucket bucket_at(std::size_t index, std::uint64_t count) const noexcept;
    [[nodiscard]] std::uint32_t& slot(std::size_t index) {
        const std::size_t page = index / page_slots - first_page_;  // wraps when before the first
        if (page >= directory_.size() || directory_[page] == no_page) make_page(index / page_slots);
        const std::size_t number = directory_[index / page_slots - first_page_];
        return slots_[number * page_slots + index % page_slots];
    }
    void make_page(std::size_t page);
    void count_at(std::size_t index, std::uint64_t times);
    [[nodiscard]] std::uint64_t carried(std::size_t index) const noexcept;
    void add_carry(std::size_t index, std::uint64_t carry);
    template <typename Visit>
    void scan(Visit&& visit) const;

    std::vector<std::uint16_t> directory_;  // page number by index / page_slots, from first_page_
    std::vector<std::uint32_t> slots_;      // pages, in the order they were first touched
    std::vector<std::pair<std::size_t, std::uint64_t>> carries_;  // index, times 2^32 were counted
    std::uint64_t zeros_ =
        0;  // apart: a zero and a second would make the directory span all between
    std::uint64_t count_ = 0;
    std::uint64_t overflow_ = 0;
    std::int64_t min_ = 0;
    std::int64_t max_ = 0;
    std::int64_t highest_;
    std::uint32_t first_page_ = 0;
    std::uint8_t digits_;
    std::uint8_t octave_bits_;
};

}  // namespace weir::stats

#include "stats/histogram.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/assert.h"

namespace weir::stats {
namespace {

/// Enough linear steps in each octave: the least power of two >= 10^digits (HdrHistogram's rule:
/// sub-buckets = the least power of two >= 2 * 10^digits, half of them in each octave).
constexpr std::array<std::uint8_t, 5> octave_bits_by_digits = {0, 4, 7, 10, 14};

std::uint8_t octave_bits_for(int digits) {
    CHECK(digits >= 1 && digits <= 4);
    return octave_bits_by_digits[static_cast<std::size_t>(digits)];
}

}  // namespace

Histogram::Histogram(int digits, std::int64_t highest)
    : highest_(highest),
      digits_(static_cast<std::uint8_t>(digits)),
      octave_bits_(octave_bits_for(digits)) {
    CHECK(highest >= 2);
}

void Histogram::add(std::int64_t value, std::uint64_t times) {
    CHECK(value >= 0);
    if (times == 0) return;
    if (count_ == 0) {
        min_ = value;
        max_ = value;
    } else {
        min_ = std::min(min_, value);
        max_ = std::max(max_, value);
    }
    count_ += times;
    if (value > highest_) {
        overflow_ += times;
        value = highest_;
    }
    if (value == 0) {
        zeros_ += times;
        return;
    }
    count_at(index_of(value), times);
}

void Histogram::count_at(std::size_t index, std::uint64_t times) {
    std::uint32_t& low = slot(index);
    const std::uint64_t sum = low + times;
    low = static_cast<std::uint32_t>(sum);
    if (sum >> 32U != 0) add_carry(index, sum >> 32U);
}

void Histogram::make_page(std::size_t page) {
    if (directory_.empty()) {
        first_page_ = static_cast<std::uint32_t>(page);
        directory_.assign(1, no_page);
    } else if (page < first_page_) {
        directory_.insert(directory_.begin(), first_page_ - page, no_page);
        first_page_ = static_cast<std::uint32_t>(page);
    } else if (page - first_page_ >= directory_.size()) {
        directory_.resize(page - first_page_ + 1, no_page);
    }
    const std::size_t number = slots_.size() / page_slots;
    CHECK(number < no_page);
    slots_.resize(slots_.size() + page_slots, 0);
    directory_[page - first_page_] = static_cast<std::uint16_t>(number);
}

void Histogram::add_carry(std::size_t index, std::uint64_t carry) {
    for (auto& [at, times] : carries_) {
        if (at == index) {
            times += carry;
            return;
        }
    }
    carries_.emplace_back(index, carry);
}

std::uint64_t Histogram::carried(std::size_t index) const noexcept {
    for (const auto& [at, times] : carries_) {
        if (at == index) return times << 32U;
    }
    return 0;
}

/// Calls visit(index, count) for each bucket that is not empty, ascending, until it returns true.
template <typename Visit>
void Histogram::scan(Visit&& visit) const {
    if (zeros_ > 0 && visit(std::size_t{0}, zeros_)) return;
    for (std::size_t page = 0; page < directory_.size(); ++page) {
        if (directory_[page] == no_page) continue;
        const std::uint32_t* slots = &slots_[directory_[page] * page_slots];
        const std::size_t first = (first_page_ + page) * page_slots;
        for (std::size_t i = 0; i < page_slots; ++i) {
            std::uint64_t count = slots[i];
            if (!carries_.empty()) count += carried(first + i);
            if (count > 0 && visit(first + i, count)) return;
        }
    }
}

void Histogram::merge(const Histogram& other) {
    CHECK(digits_ == other.digits_);
    if (other.count_ == 0) return;
    if (count_ == 0) {
        min_ = other.min_;
        max_ = other.max_;
    } else {
        min_ = std::min(min_, other.min_);
        max_ = std::max(max_, other.max_);
    }
    highest_ = std::max(highest_, other.highest_);
    count_ += other.count_;
    overflow_ += other.overflow_;
    zeros_ += other.zeros_;
    other.scan([this](std::size_t index, std::uint64_t times) {
        if (index > 0) count_at(index, times);
        return false;
    });
}

Histogram Histogram::since(const Histogram& earlier) const {
    CHECK(digits_ == earlier.digits_);
    if (earlier.empty()) return *this;
    Histogram fresh(digits_, highest_);
    const auto before = earlier.buckets();
    auto next = before.begin();
    Bucket first;
    Bucket last;
    scan([&](std::size_t index, std::uint64_t count) {
        while (next != before.end() && next->index < index) ++next;
        const std::uint64_t known = next != before.end() && next->index == index ? next->count : 0;
        if (count <= known) return false;
        last = bucket_at(index, count - known);
        if (fresh.count_ == 0) first = last;
        fresh.count_ += last.count;
        if (index == 0) {
            fresh.zeros_ += last.count;
        } else {
            fresh.count_at(index, last.count);
        }
        return false;
    });
    if (fresh.count_ == 0) return fresh;
    fresh.overflow_ = overflow_ - std::min(overflow_, earlier.overflow_);
    fresh.min_ = min_ < earlier.min_ ? min_ : std::max(min_, first.low);
    fresh.max_ = max_ > earlier.max_ ? max_ : std::min(max_, last.low + last.width - 1);
    return fresh;
}

Histogram::Bucket Histogram::bucket_at(std::size_t index, std::uint64_t count) const noexcept {
    const std::size_t linear = std::size_t{2} << octave_bits_;
    if (index < linear) {
        return {
            .low = static_cast<std::int64_t>(index), .width = 1, .count = count, .index = index};
    }
    const std::size_t shift = (index >> octave_bits_) - 1;
    const std::size_t step = index - (shift << octave_bits_);
    return {.low = static_cast<std::int64_t>(step << shift),
            .width = std::int64_t{1} << shift,
            .count = count,
            .index = index};
}

double Histogram::value_at_rank(std::uint64_t rank) const {
    CHECK(rank < count_);
    if (rank == 0) return static_cast<double>(min_);
    if (rank == count_ - 1) return static_cast<double>(max_);
    double found = 0;
    std::uint64_t before = 0;
    scan([&](std::size_t index, std::uint64_t count) {
        if (rank >= before + count) {
            before += count;
            return false;
        }
        const Bucket bucket = bucket_at(index, count);
        const double place =
            (static_cast<double>(rank - before) + 0.5) / static_cast<double>(count);
        found = static_cast<double>(bucket.low);
        if (bucket.width > 1) found += static_cast<double>(bucket.width) * place;
        return true;
    });
    return std::clamp(found, static_cast<double>(min_), static_cast<double>(max_));
}

double Histogram::value_at_quantile(double q) const {
    CHECK(q >= 0 && q <= 1);
    if (count_ == 0) return 0;
    const double position = q * static_cast<double>(count_ - 1);
    const double below = std::floor(position);
    const auto rank = std::min(static_cast<std::uint64_t>(below), count_ - 1);
    const double low = value_at_rank(rank);
    if (position == below || rank + 1 >= count_) return low;
    return low + (value_at_rank(rank + 1) - low) * (position - below);
}

std::uint64_t Histogram::count_at_most(std::int64_t limit) const {
    if (count_ == 0 || limit < min_) return 0;
    if (limit >= max_) return count_;
    if (limit >= highest_) return count_ - overflow_;
    const std::size_t last = index_of(limit);
    std::uint64_t within = 0;
    scan([&](std::size_t index, std::uint64_t count) {
        if (index > last) return true;
        within += count;
        return false;
    });
    return within;
}

double Histogram::share_at_most(std::int64_t limit) const {
    if (count_ == 0) return 1;
    return static_cast<double>(count_at_most(limit)) / static_cast<double>(count_);
}

void Histogram::for_each(const std::function<void(const Bucket&)>& visit) const {
    scan([&](std::size_t index, std::uint64_t count) {
        visit(bucket_at(index, count));
        return false;
    });
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
    std::vector<Bucket> all;
    for_each([&all](const Bucket& bucket) { all.push_back(bucket); });
    return all;
}

std::pair<std::int64_t, std::int64_t> Histogram::bucket_of(std::int64_t value) const noexcept {
    const Bucket bucket = bucket_at(index_of(value), 0);
    return {bucket.low, bucket.width};
}

std::size_t Histogram::memory_bytes() const noexcept {
    return sizeof *this + directory_.capacity() * sizeof directory_[0] +
           slots_.capacity() * sizeof slots_[0] + carries_.capacity() * sizeof carries_[0];
}

void Histogram::restore_extremes(std::int64_t min, std::int64_t max, std::uint64_t overflow) {
    CHECK(0 <= min && min <= max && overflow <= count_);
    min_ = min;
    max_ = max;
    overflow_ = overflow;
}

bool Histogram::operator==(const Histogram& other) const {
    if (digits_ != other.digits_ || highest_ != other.highest_ || count_ != other.count_ ||
        overflow_ != other.overflow_ || min() != other.min() || max() != other.max()) {
        return false;
    }
    const auto same = [](const Bucket& a, const Bucket& b) {
        return a.index == b.index && a.count == b.count;
    };
    const auto mine = buckets();
    const auto theirs = other.buckets();
    return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(), same);
}

}  // namespace weir::stats

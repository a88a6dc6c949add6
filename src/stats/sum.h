// Sum: adds doubles without losing small ones, so the order of adding and merging does not show.
#pragma once

#include <cmath>

namespace weir::stats {

/// Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM
/// 54, 1974.
class Sum {
public:
    Sum() = default;
    Sum(double high, double low) noexcept : high_(high), low_(low) {}

    void add(double value) noexcept {
        const double total = high_ + value;
        low_ += std::fabs(high_) >= std::fabs(value) ? (high_ - total) + value
                                                     : (value - total) + high_;
        high_ = total;
    }
    void merge(const Sum& other) noexcept {
        add(other.high_);
        add(other.low_);
    }
    [[nodiscard]] double value() const noexcept { return high_ + low_; }
    [[nodiscard]] double high() const noexcept { return high_; }
    [[nodiscard]] double low() const noexcept { return low_; }
    [[nodiscard]] bool operator==(const Sum&) const = default;

private:
    double high_ = 0;
    double low_ = 0;
};

}  // namespace weir::stats

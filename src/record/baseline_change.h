// BaselineChange: how one request of a run compares with the last runs that passed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stats/interval.h"

namespace weir::record {

enum class BaselineFigure : std::uint8_t { median, p95 };
[[nodiscard]] constexpr std::string_view word_of(BaselineFigure figure) noexcept {
    return figure == BaselineFigure::median ? "median" : "p95";
}

enum class BaselineWord : std::uint8_t {
    as_usual,
    slower,           // beyond the limit
    faster,           // below where the next run would lie
    too_few_answers,  // or none at all
};
[[nodiscard]] constexpr std::string_view word_of(BaselineWord word) noexcept {
    switch (word) {
        case BaselineWord::as_usual:
            return "as usual";
        case BaselineWord::slower:
            return "slower";
        case BaselineWord::faster:
            return "faster";
        case BaselineWord::too_few_answers:
            return "too few answers";
    }
    return "";
}

/// Times in ms, of responses that were expected.
struct BaselineChange {
    std::string journey{};
    std::string request{};
    BaselineFigure figure = BaselineFigure::median;
    std::size_t runs = 0;  // behind the limit
    double usual_ms = 0;
    stats::Interval expected{};  // where the next run would lie
    double limit_ms = 0;
    std::optional<double> now_ms{};  // nothing: the run has no such answer
    BaselineWord word = BaselineWord::as_usual;
};

}  // namespace weir::record

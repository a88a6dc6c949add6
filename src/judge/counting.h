// Counting: which requests of a record a selection speaks of, and how many of them were good
// enough.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "plan/condition.h"
#include "record/run_record.h"

namespace weir::judge {

/// A tag's value; empty when there is none.
[[nodiscard]] std::string tag_of(const record::Tags& tags, std::string_view key);
/// Part of signing in: never judged.
[[nodiscard]] bool is_sign_in(const record::Tags& tags) noexcept;
/// Whether the answer was none that was expected (record::was_expected).
[[nodiscard]] bool failed(const record::Tags& tags) noexcept;
[[nodiscard]] bool selects(const plan::Selection& selection, const record::Tags& tags) noexcept;

/// Series of one metric, without those of signing in.
[[nodiscard]] std::vector<const record::Series*> series_of(const record::RunRecord& record,
                                                           std::string_view metric);

/// Requests of a selection, counted for a condition.
struct Counted {
    std::uint64_t requests = 0;  // finished or not
    std::uint64_t failed = 0;    // answered, but not as expected, or not at all
    std::uint64_t within = 0;    // good ones within the limit
    std::uint64_t unfinished = 0;
    [[nodiscard]] std::uint64_t over() const noexcept { return requests - within; }
    void operator+=(const Counted& other) noexcept;
};

struct CountRule {
    base::Nanos limit = base::Nanos::max();  // max(): any time will do
    bool errors_count = true;                // a failed request is over every limit
    bool from_actual_send = false;           // service time instead of response time
};

[[nodiscard]] Counted count(const record::RunRecord& record,
                            const plan::Selection& selection,
                            const CountRule& rule);

/// The same, apart for each journey and request name; in the order of first sight.
struct CountedPart {
    std::string journey;
    std::string request;
    Counted counted;
};
[[nodiscard]] std::vector<CountedPart> count_parts(const record::RunRecord& record,
                                                   const plan::Selection& selection,
                                                   const CountRule& rule);

[[nodiscard]] inline double share(std::uint64_t part, std::uint64_t whole) noexcept {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}
/// "98.20 %"; the digits that tell a share from its limit are kept.
[[nodiscard]] std::string percent_text(double share);

}  // namespace weir::judge

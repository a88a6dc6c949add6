// Condition: what a gate demands in aggregate: "98 % of `dashboard` under 2 s".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace weir::plan {

/// Which requests a condition speaks of; empty fields do not narrow. Sign-in steps are never among
/// them.
struct Selection {
    std::string request;                      // the tag `name`
    std::string journey;                      // the scenario's name
    std::string group;                        // "::outer::inner"; groups within it belong to it
    std::map<std::string, std::string> tags;  // any others
    [[nodiscard]] bool operator==(const Selection&) const = default;
};

enum class ConditionKind : std::uint8_t {
    share_under,  // at least `share` of the requests answer within `limit`
    errors,       // at most `share` of the requests fail
    checks,       // at least `share` of the checks pass
    rate,         // at least `share` of the planned journeys are begun; selects by journey alone
    mean_under,   // answers take at most `limit` on average; failed ones aside
    flow,         // at least `least` requests a second are answered as expected
    status,       // at most `share` of the answers have the status `status`
    generator,    // the generator's own `figure` is under `least`, `limit` or `share`
};

/// What the generator may be asked of itself. A miss makes a run invalid, never a fail.
enum class GeneratorFigure : std::uint8_t { cpu, memory, stall, late };

/// A request that failed counts as over every limit (a fast 500 is no fast page), unless
/// errors_count is false. One that was unfinished at the end counts as over each limit it had
/// passed.
struct Condition {
    ConditionKind kind = ConditionKind::share_under;
    Selection selection;
    double share = 0;     // 0..1
    base::Nanos limit{};  // of share_under and mean_under, from the intended start
    double least = 0;     // of flow, per second; of a generator's memory, bytes
    std::string status;   // "404" or, with any digit for x, "5xx"
    GeneratorFigure figure = GeneratorFigure::cpu;
    bool as_quantile = false;  // share_under, written "p98 of … under …"
    base::Nanos over{};        // kept in every stretch of so long; zero: in the run as a whole
    bool each_step = false;    // kept in each step of the load
    std::uint64_t min_samples = 100;
    bool errors_count = true;

    /// "98 % of `dashboard` under 2s", as people write it and as verdicts show it.
    /// parse_condition() reads it back, but for min_samples and errors_count.
    /// Quantiles are shares read backwards: "p98 of X under 2 s" is "98 % of X under 2 s".
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool operator==(const Condition&) const = default;
};

/// The text form:
///     98 % of WHAT under 2 s            at least 99 % checks [of WHAT]
///     at most 1 % errors [of WHAT]      at least 95 % of the rate [of journey `J`]
///     p98 of WHAT under 2 s             mean of WHAT under 500 ms
///     at most 1 % status 5xx [of WHAT]  at least 20 requests per second [of WHAT]
///     generator cpu under 80 %          generator memory under 512 MiB
///     generator stall under 100 ms      generator late under 1 %
/// Behind each but the rate and the generator's: "over 30 s" (in every such stretch) or "in each
/// step" (of the load). WHAT is "all requests" or `NAME`, then any of: [in] journey `J`, [in] group
/// `outer::inner`, [with] tag `key=value`. The error says where reading stopped and shows the
/// forms.
[[nodiscard]] base::Result<Condition> parse_condition(std::string_view text);

}  // namespace weir::plan

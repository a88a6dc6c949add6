// RunRates: how often a suite's runs said nothing, or said both things of one commit.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "record/history.h"

namespace weir::report {

/// "pass", "fail", "invalid", "running" or "abandoned".
[[nodiscard]] std::string_view word_of(const record::PastRun& run);
/// Passed or failed: what it measured can be trusted.
[[nodiscard]] bool is_trusted(const record::PastRun& run);

/// Commits that were tested at least twice by trusted runs, and those of them that both passed and
/// failed.
struct Flakes {
    std::size_t repeated = 0;
    std::size_t both = 0;
};
[[nodiscard]] Flakes flakes_of(std::span<const record::PastRun> runs);

/// The names of the hard signals of invalid runs, and how many runs each was in.
[[nodiscard]] std::map<std::string, int> invalid_causes(std::span<const record::PastRun> runs);

/// A condition's or request's figure in its unit: "98.25 %", "412.6 ms".
[[nodiscard]] std::string figure_text(double value, record::FigureUnit unit);

}  // namespace weir::report

// Rounding: figures of the report document, as short as a page needs them.
#pragma once

#include "base/json.h"
#include "base/time.h"

namespace weir::report {

/// Digits that count of a plotted figure, and of one that is read.
inline constexpr int plot_digits = 4;
inline constexpr int read_digits = 6;

/// To so many significant digits; 0 for what is no finite number, which JSON does not have.
[[nodiscard]] double rounded(double value, int digits);
/// Rounded, and written without ".0" when it is whole.
[[nodiscard]] base::Json number(double value, int digits = read_digits);
[[nodiscard]] base::Json milliseconds(base::Nanos span);
[[nodiscard]] base::Json seconds(base::Nanos span);

/// At most `most` bytes of UTF-8, cut between code points, with "…" where something was left out.
[[nodiscard]] std::string shortened(const std::string& text, std::size_t most);

}  // namespace weir::report

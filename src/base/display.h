// Display: text as a terminal shows it: inert, so and so many columns wide, cut and padded to fit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::base {

/// `text` so that a terminal shows it and does nothing else, whoever wrote it: control characters
/// (ISO 6429, C0 and C1) become "\x1b", characters that turn the direction of text "\u202e", line
/// and paragraph separators blanks, bytes that are no UTF-8 U+FFFD. Line breaks and tabs stay.
[[nodiscard]] std::string inert(std::string_view text);
/// The same in one line: line breaks and tabs become blanks.
[[nodiscard]] std::string inert_line(std::string_view text);

/// Columns that a terminal gives to an inert line: two for wide characters, none for combining
/// ones (Unicode Standard Annex #11). Of an emoji that is made of several, all are counted, as
/// terminals do that do not know it: rather too much than too little.
[[nodiscard]] std::size_t display_width(std::string_view line);
/// The line itself when it has at most `columns`, else its beginning and `mark` within them.
[[nodiscard]] std::string fit(std::string_view line, std::size_t columns, std::string_view mark);
/// The line with blanks behind it, `columns` wide or, when it is wider, as it is.
[[nodiscard]] std::string padded(std::string_view line, std::size_t columns);

/// For terminals that show no UTF-8: what looks like it, or "?".
[[nodiscard]] std::string ascii(std::string_view text);

}  // namespace weir::base

// Small pieces of a repository's text files: read, trimmed, told by line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace weir::app::init {

/// The file, or nothing when it is absent, unreadable, not a regular file, or over a mebibyte.
[[nodiscard]] std::string small_file(const std::filesystem::path& path);

/// Without blanks and line ends around it.
[[nodiscard]] std::string trimmed(std::string_view text);

[[nodiscard]] std::string in_lower_case(std::string_view text);

/// The line that position `at` is in, from 1.
[[nodiscard]] std::size_t line_of(std::string_view text, std::size_t at);

}  // namespace weir::app::init

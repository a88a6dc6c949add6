// Dotenv: a .env file's names and values, as the common readers of such files take it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::plan {

/// One `NAME=value` a line; `export` before it and blanks around `=` are allowed. A value is
/// - bare: to the end of the line or to a `#` behind a blank, without the blanks around it;
/// - 'single': as it stands, on one line;
/// - "double": may go over several lines; \n \r \t \" \\ \$ \` are what they are in a shell or C,
///   a backslash before anything else stands for itself.
/// `$` stands for itself everywhere: nothing is filled in. Of a name that comes twice the last
/// counts. A line that begins with `#` is a comment. Line ends may be CRLF, and a byte order mark
/// may come first. The error says file:line:column and never quotes the file: it may hold secrets.
/// Source: the format as npm's dotenv and Python's python-dotenv document it.
[[nodiscard]] base::Result<std::map<std::string, std::string>> parse_dotenv(std::string_view text,
                                                                            std::string_view file);

}  // namespace weir::plan

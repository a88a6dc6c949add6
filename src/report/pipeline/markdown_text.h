// MarkdownText: any text inside GitHub-flavoured Markdown, without becoming markup itself.
#pragma once

#include <string>
#include <string_view>

namespace weir::report {

/// One line of plain text, also within a table's cell: markup is escaped, line breaks become
/// spaces, "@" names nobody, and what no page can show becomes U+FFFD. Source: CommonMark 0.30,
/// "Backslash escapes" and "Entity references"; GitHub Flavored Markdown, "Tables (extension)".
[[nodiscard]] std::string markdown_text(std::string_view text);
/// The same as code. A name that a code span cannot hold in a table is HTML's <code>.
[[nodiscard]] std::string markdown_code(std::string_view text);
/// [text](url); the text alone when the address is none of the web.
[[nodiscard]] std::string markdown_link(std::string_view text, const std::string& url);

}  // namespace weir::report

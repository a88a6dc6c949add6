// Page: the report document put into the HTML page that shows it.
#pragma once

#include <string>
#include <string_view>

namespace weir::report {

/// Where a page takes its document from.
inline constexpr std::string_view page_place =
    "<script type=\"application/json\" id=\"weir-report\">__WEIR_REPORT__</script>";

/// `frame` with the document in page_place. Nothing in the document can end the script element, or
/// begin a comment in it: each "<" is written as \u003c, and so are U+2028 and U+2029, which older
/// readers take for line breaks. A frame without the place is returned as it is. Source: HTML,
/// "Restrictions for contents of script elements".
[[nodiscard]] std::string report_page(std::string_view frame, std::string_view document);

}  // namespace weir::report

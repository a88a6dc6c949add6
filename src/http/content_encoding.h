// Content codings (RFC 9110 §8.4): gzip, deflate, br and zstd, both ways, with a limit on what
// comes out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::http {

/// Undoes all codings of a Content-Encoding value, last applied first. Code::limit: more than
/// `limit` bytes would come out; Code::invalid: broken or unknown coding.
[[nodiscard]] base::Result<std::string> decode_content(std::string_view codings,
                                                       std::string body,
                                                       std::size_t limit);
/// Applies a comma list of codings in order, as k6's params.compression.
[[nodiscard]] base::Result<std::string> encode_content(std::string_view codings, std::string body);

}  // namespace weir::http

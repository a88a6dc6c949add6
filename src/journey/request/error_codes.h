// Error codes: what became of a request, in k6's numbers and words.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace weir::journey {

/// Source: k6 documentation, "Error codes". code 0: no error at all.
struct RequestError {
    int code = 0;
    /// A fixed text per kind, good as a tag; "" for mere HTTP statuses, as in k6.
    std::string_view words;
};

inline constexpr int invalid_url_code = 1020;

[[nodiscard]] RequestError error_of(const http::Exchange& exchange) noexcept;

}  // namespace weir::journey

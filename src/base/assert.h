// CHECK: a broken promise of our own code. Always on; prints the fact and stops the process.
// A bad input, a slow server or a full disk is not a broken promise: return an Error for those.
#pragma once

#include <string_view>

namespace weir::base {

[[noreturn]] void check_failed(std::string_view fact, std::string_view file, int line) noexcept;

}  // namespace weir::base

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): needs the expression's text and the caller's line.
#define CHECK(fact)                                                         \
    do {                                                                    \
        if (!(fact)) ::weir::base::check_failed(#fact, __FILE__, __LINE__); \
    } while (false)

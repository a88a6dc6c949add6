#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace weir::base {

void check_failed(std::string_view fact, std::string_view file, int line) noexcept {
    std::fprintf(stderr, "CHECK failed: %.*s at %.*s:%d\n", static_cast<int>(fact.size()),
                 fact.data(), static_cast<int>(file.size()), file.data(), line);
    std::abort();
}

}  // namespace weir::base

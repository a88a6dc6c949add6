// Any text may be read as a result's criteria: refused, or what is written again reads the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "judge/criteria.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto criteria =
        weir::judge::decode_criteria(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!criteria.ok()) return 0;
    const std::string text = weir::judge::encode(criteria.value());
    const auto again = weir::judge::decode_criteria(text);
    CHECK(again.ok() && weir::judge::encode(again.value()) == text);
    return 0;
}

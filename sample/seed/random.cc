#include "sample/seed/random.h"

#include <string_view>

namespace weir::sample {

std::string Random::uuid() {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::string_view shape = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    std::string text(shape);
    std::uint64_t bits = 0;
    unsigned left = 0;
    for (char& c : text) {
        if (c != 'x' && c != 'y') continue;
        if (left == 0) {
            bits = engine_();
            left = 16;
        }
        auto nibble = static_cast<unsigned>(bits & 15U);
        bits >>= 4U;
        --left;
        if (c == 'y') nibble = (nibble & 3U) | 8U;
        c = digits[nibble];
    }
    return text;
}

}  // namespace weir::sample

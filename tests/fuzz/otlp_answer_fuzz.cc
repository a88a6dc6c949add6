// Whatever a collector answers is read without harm, and what is made of it is no longer than it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "telemetry/otlp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto words = weir::telemetry::otlp_complaint(
        std::string_view(reinterpret_cast<const char*>(data), size));
    CHECK(words.size() <= size + 64);
    return 0;
}

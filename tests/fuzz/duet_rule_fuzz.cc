// Any text may be read as a kept duet's rule: refused, or what is written again reads the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "judge/duet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(weir::plan::parse_slower_than(text));
    const auto rule = weir::judge::decode_duet_rule(text);
    if (!rule.ok()) return 0;
    const std::string written = weir::judge::encode({}, rule.value());
    const auto again = weir::judge::decode_duet_rule(written);
    CHECK(again.ok() && weir::judge::encode({}, again.value()) == written);
    return 0;
}

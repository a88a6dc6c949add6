// URLs from scripts and Location headers.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/units.h"
#include "base/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto base_url = weir::base::parse_url("http://user:secret@example.test:8080/a/b?c#d");
    (void)weir::base::parse_url(text);
    if (base_url.ok()) (void)weir::base::resolve_url(text, base_url.value());
    (void)weir::base::parse_duration(text);
    return 0;
}

// Any text may be read as a result's provenance: refused, or what is written again reads the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "gate/provenance.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto provenance =
        weir::gate::decode_provenance(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!provenance.ok()) return 0;
    const std::string text = weir::gate::encode(provenance.value());
    const auto again = weir::gate::decode_provenance(text);
    CHECK(again.ok() && again.value() == provenance.value());
    return 0;
}

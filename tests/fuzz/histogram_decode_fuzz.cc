// Any text may be decoded as a histogram: it is refused, or it keeps every promise of a histogram.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "base/assert.h"
#include "stats/base64.h"
#include "stats/hdr_codec.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

/// The input as what is inside the compression and the base64: no fuzzer guesses its way through
/// both.
std::string wrapped(const Bytes& plain) {
    uLongf size = compressBound(plain.size());
    Bytes packed(size + 8);
    CHECK(compress2(packed.data() + 8, &size, plain.data(), plain.size(), 1) == Z_OK);
    const std::uint32_t head[2] = {0x1c849314, static_cast<std::uint32_t>(size)};
    for (std::size_t i = 0; i < 8; ++i) {
        packed[i] = static_cast<std::uint8_t>(head[i / 4] >> (24 - 8 * (i % 4)));
    }
    packed.resize(size + 8);
    return weir::stats::to_base64(packed);
}

void check(std::string_view text) {
    const auto decoded = weir::stats::decode_hdr(text);
    if (!decoded.ok()) return;
    const auto& histogram = decoded.value();
    const auto again = weir::stats::decode_hdr(weir::stats::encode_hdr(histogram));
    CHECK(again.ok() && again.value().count() == histogram.count());
    const double middle = histogram.value_at_quantile(0.5);
    CHECK(middle >= static_cast<double>(histogram.min()));
    CHECK(middle <= static_cast<double>(histogram.max()));
    CHECK(histogram.count_at_most(histogram.max()) == histogram.count());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    check({reinterpret_cast<const char*>(data), size});
    check(weir::stats::to_base64(bytes));
    check(wrapped(bytes));
    return 0;
}

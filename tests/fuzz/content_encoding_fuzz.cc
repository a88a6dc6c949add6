// Any bytes may come as a coded body: they are refused, or decode the same way in one piece and in
// many, and never beyond the limit. The first byte says the coding.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "http/content_encoding.h"

namespace {

using weir::http::BodyDecoder;

constexpr std::size_t limit = 65536;
constexpr std::array<std::string_view, 6> codings{"gzip", "deflate",  "br",
                                                  "zstd", "gzip, br", "zstd,deflate"};

struct Decoded {
    bool ok = true;
    std::string text{};
};

Decoded decode(std::string_view coding, std::string_view body, std::size_t piece) {
    Decoded result;
    const auto decoder = BodyDecoder::make(coding);
    while (!body.empty() && result.ok) {
        const auto part = body.substr(0, piece);
        result.ok = decoder->feed(part, result.text, limit).ok();
        body.remove_prefix(part.size());
    }
    result.ok = result.ok && decoder->finish().ok();
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view coding = codings[data[0] % codings.size()];
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Decoded whole = decode(coding, body, body.size() + 1);
    const Decoded pieces = decode(coding, body, 1);
    CHECK(whole.text.size() <= limit && pieces.text.size() <= limit);
    CHECK(whole.ok == pieces.ok);
    if (whole.ok) CHECK(whole.text == pieces.text);

    const auto coded = weir::http::encode_content(coding, std::string(body));
    CHECK(coded.ok());
    const auto back = weir::http::decode_content(coding, coded.value(), body.size());
    CHECK(back.ok() && back.value() == body);
    return 0;
}

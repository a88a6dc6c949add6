#include "stats/hdr_codec.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <zlib.h>

#include "base/assert.h"
#include "base/format.h"
#include "stats/base64.h"

namespace weir::stats {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t plain_cookie = 0x1c849313;       // V2, word size byte 1
constexpr std::uint32_t compressed_cookie = 0x1c849314;  // the same, deflated
constexpr std::uint32_t cookie_mask = 0xffffff0f;        // the word size says nothing in V2
constexpr std::size_t header_bytes = 40;
/// Four digits and 62 bits are 802,816 buckets of at most 9 bytes: nothing honest is larger.
constexpr std::size_t payload_most = std::size_t{8} << 20U;

void put(Bytes& out, std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// ZigZag, then seven bits a byte, least significant first; a ninth byte carries eight bits.
void put_zigzag(Bytes& out, std::int64_t value) {
    std::uint64_t bits =
        static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63);
    for (int i = 0; i < 8; ++i) {
        if (bits < 0x80) break;
        out.push_back(static_cast<std::uint8_t>(bits | 0x80));
        bits >>= 7U;
    }
    out.push_back(static_cast<std::uint8_t>(bits));
}

Bytes counts_of(const Histogram& histogram) {
    Bytes out;
    std::size_t next = 0;
    histogram.for_each([&](const Histogram::Bucket& bucket) {
        const auto gap = static_cast<std::int64_t>(bucket.index - next);
        if (gap == 1) {
            out.push_back(0);
        } else if (gap > 1) {
            put_zigzag(out, -gap);
        }
        put_zigzag(out, static_cast<std::int64_t>(bucket.count));
        next = bucket.index + 1;
    });
    return out;
}

Bytes deflated(const Bytes& plain) {
    uLongf size = compressBound(plain.size());
    Bytes out(size);
    CHECK(compress2(out.data(), &size, plain.data(), plain.size(), 6) == Z_OK);
    out.resize(size);
    return out;
}

class Reader {
public:
    explicit Reader(const Bytes& bytes, std::size_t at = 0) : bytes_(&bytes), at_(at) {}

    [[nodiscard]] std::size_t left() const { return bytes_->size() - at_; }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] std::uint64_t take(int bytes) {
        std::uint64_t value = 0;
        for (int i = 0; i < bytes; ++i) value = value << 8U | (*bytes_)[at_++];
        return value;
    }
    /// False when the bytes end too early.
    [[nodiscard]] bool take_zigzag(std::int64_t& value) {
        std::uint64_t bits = 0;
        for (unsigned shift = 0; shift <= 56; shift += 7) {
            if (left() == 0) return false;
            const std::uint64_t byte = (*bytes_)[at_++];
            if (shift == 56) {
                bits |= byte << shift;
                break;
            }
            bits |= (byte & 0x7F) << shift;
            if (byte < 0x80) break;
        }
        value = static_cast<std::int64_t>(bits >> 1U ^ (~(bits & 1U) + 1));
        return true;
    }

private:
    const Bytes* bytes_;
    std::size_t at_;
};

base::Error bad(std::string_view why) {
    return {base::Code::invalid, base::format("reading an HdrHistogram: {}", why)};
}

base::Result<Bytes> inflated(const Bytes& packed, std::size_t from, std::size_t size) {
    // The header says nothing of the plain size: grow until it fits, up to the limit.
    for (std::size_t room = 4096 + size * 8;; room *= 4) {
        const std::size_t bounded = room < payload_most ? room : payload_most;
        Bytes out(bounded);
        uLongf got = bounded;
        const int status = uncompress(out.data(), &got, packed.data() + from, size);
        if (status == Z_OK) {
            out.resize(got);
            return out;
        }
        if (status != Z_BUF_ERROR) return bad("its compressed bytes are damaged");
        if (bounded == payload_most) return bad("its compressed bytes are cut short or too large");
    }
}

struct Header {
    std::size_t payload = 0;
    std::uint64_t digits = 0;
    std::uint64_t highest = 0;
};

base::Result<Header> take_header(Reader& reader) {
    if (reader.left() < header_bytes) return bad("its header is cut short");
    if ((reader.take(4) & cookie_mask) != (plain_cookie & cookie_mask)) {
        return bad("it is not of version 2");
    }
    Header header;
    header.payload = reader.take(4);
    if (reader.take(4) != 0) return bad("its values are shifted, which Weir does not read");
    header.digits = reader.take(4);
    const std::uint64_t lowest = reader.take(8);
    header.highest = reader.take(8);
    const auto ratio = std::bit_cast<double>(reader.take(8));
    if (header.digits < 1 || header.digits > 4) return bad("its digits are not 1 to 4");
    if (lowest != 1) return bad("its lowest discernible value is not 1");
    if (header.highest < 2 || header.highest > INT64_MAX) return bad("its range makes no sense");
    if (ratio != 1.0) return bad("its values are scaled, which Weir does not read");
    if (header.payload != reader.left()) return bad("its length is not what it says");
    return header;
}

/// First value of the bucket with that index.
std::int64_t low_of(std::size_t index, int octave_bits) {
    if (index < std::size_t{2} << octave_bits) return static_cast<std::int64_t>(index);
    const std::size_t shift = (index >> octave_bits) - 1;
    return static_cast<std::int64_t>((index - (shift << octave_bits)) << shift);
}

base::Result<Histogram> take_counts(Reader& reader, const Header& header) {
    Histogram histogram(static_cast<int>(header.digits), static_cast<std::int64_t>(header.highest));
    // Some implementations size their array in whole octaves, so the last may go past highest.
    const int bits = histogram.octave_bits();
    const int octaves = std::max(63 - std::countl_zero(header.highest) - bits, 0) + 2;
    const std::size_t indexes = static_cast<std::size_t>(octaves) << bits;
    std::size_t index = 0;
    std::uint64_t total = 0;
    while (reader.left() > 0) {
        std::int64_t count = 0;
        if (!reader.take_zigzag(count)) return bad("its counts are cut short");
        if (count <= 0) {
            const std::uint64_t gap = count == 0 ? 1 : ~static_cast<std::uint64_t>(count) + 1;
            if (gap > indexes - index) return bad("its counts go past its range");
            index += gap;
            continue;
        }
        if (index >= indexes) return bad("its counts go past its range");
        total += static_cast<std::uint64_t>(count);
        if (total > static_cast<std::uint64_t>(INT64_MAX)) return bad("its counts are too large");
        histogram.add(low_of(index, bits), static_cast<std::uint64_t>(count));
        ++index;
    }
    return histogram;
}

}  // namespace

std::string encode_hdr(const Histogram& histogram) {
    const Bytes counts = counts_of(histogram);
    Bytes plain;
    plain.reserve(header_bytes + counts.size());
    put(plain, plain_cookie, 4);
    put(plain, counts.size(), 4);
    put(plain, 0, 4);  // normalizing index offset
    put(plain, static_cast<std::uint64_t>(histogram.digits()), 4);
    put(plain, 1, 8);  // lowest discernible value
    put(plain, static_cast<std::uint64_t>(histogram.highest()), 8);
    put(plain, std::bit_cast<std::uint64_t>(1.0), 8);  // integer to double ratio
    plain.insert(plain.end(), counts.begin(), counts.end());

    const Bytes packed = deflated(plain);
    Bytes out;
    out.reserve(packed.size() + 8);
    put(out, compressed_cookie, 4);
    put(out, packed.size(), 4);
    out.insert(out.end(), packed.begin(), packed.end());
    return to_base64(out);
}

base::Result<Histogram> decode_hdr(std::string_view text) {
    const auto packed = from_base64(text);
    if (!packed.ok()) return bad(packed.error().text);
    Reader outer(packed.value());
    if (outer.left() < 8) return bad("it is cut short");
    if ((outer.take(4) & cookie_mask) != (compressed_cookie & cookie_mask)) {
        return bad("it is not a compressed histogram of version 2");
    }
    const std::size_t size = outer.take(4);
    if (size > outer.left()) return bad("it is cut short");
    TRY(const Bytes plain, inflated(packed.value(), outer.at(), size));
    Reader reader(plain);
    TRY(const Header header, take_header(reader));
    auto counted = take_counts(reader, header);
    if (!counted.ok() || counted.value().empty()) return counted;
    const auto buckets = counted.value().buckets();
    const auto& last = buckets.back();
    const std::int64_t top = last.low + (last.width - 1);
    counted.value().restore_extremes(buckets.front().low, top, counted.value().overflow());
    return counted;
}

}  // namespace weir::stats

#include "http/content_encoding.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include "base/format.h"
#include "http/header_names.h"

namespace weir::http {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t chunk_bytes = 16384;

Error broken(std::string_view coding) {
    return {Code::invalid, base::format("the body is not valid {}", coding)};
}

Error too_large(std::size_t limit) {
    return {Code::limit, base::format("the decoded body is larger than {} bytes", limit)};
}

/// zlib's window bits say the wrapper: 15 + 32 detects gzip and zlib, -15 is raw deflate.
Result<std::string> inflate_with(int window_bits,
                                 std::string_view name,
                                 const std::string& in,
                                 std::size_t limit) {
    z_stream stream{};
    if (inflateInit2(&stream, window_bits) != Z_OK) return broken(name);
    const std::unique_ptr<z_stream, decltype(&inflateEnd)> end(&stream, &inflateEnd);
    stream.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // NOLINT: zlib's signature
    stream.avail_in = static_cast<uInt>(in.size());
    std::string out;
    std::array<char, chunk_bytes> chunk{};
    while (true) {
        stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream.avail_out = chunk.size();
        const int state = inflate(&stream, Z_NO_FLUSH);
        const std::size_t got = chunk.size() - stream.avail_out;
        if (out.size() + got > limit) return too_large(limit);
        out.append(chunk.data(), got);
        if (state == Z_STREAM_END) return out;
        if (state != Z_OK || (got == 0 && stream.avail_in == 0)) return broken(name);
    }
}

Result<std::string> inflate_deflate(const std::string& in, std::size_t limit) {
    // "deflate" is zlib's format (RFC 9110 §8.4.1.2), but raw deflate is what many servers send.
    auto wrapped = inflate_with(15, "deflate", in, limit);
    if (wrapped.ok() || wrapped.error().code == Code::limit) return wrapped;
    return inflate_with(-15, "deflate", in, limit);
}

Result<std::string> decode_brotli(const std::string& in, std::size_t limit) {
    const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> decoder(
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
    std::string out;
    std::size_t left = in.size();
    const auto* next = reinterpret_cast<const std::uint8_t*>(in.data());
    while (true) {
        std::array<std::uint8_t, chunk_bytes> chunk{};
        std::size_t room = chunk.size();
        std::uint8_t* to = chunk.data();
        const auto state =
            BrotliDecoderDecompressStream(decoder.get(), &left, &next, &room, &to, nullptr);
        const std::size_t got = chunk.size() - room;
        if (out.size() + got > limit) return too_large(limit);
        out.append(reinterpret_cast<const char*>(chunk.data()), got);
        if (state == BROTLI_DECODER_RESULT_SUCCESS) return out;
        if (state != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return broken("br");
    }
}

Result<std::string> decode_zstd(const std::string& in, std::size_t limit) {
    const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> decoder(ZSTD_createDStream(),
                                                                             &ZSTD_freeDStream);
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    std::string out;
    while (true) {
        std::array<char, chunk_bytes> chunk{};
        ZSTD_outBuffer to{chunk.data(), chunk.size(), 0};
        const std::size_t state = ZSTD_decompressStream(decoder.get(), &to, &source);
        if (ZSTD_isError(state) != 0) return broken("zstd");
        if (out.size() + to.pos > limit) return too_large(limit);
        out.append(chunk.data(), to.pos);
        if (source.pos == source.size && to.pos < to.size) {
            if (state == 0) return out;
            return broken("zstd");
        }
    }
}

Result<std::string> deflate_with(int window_bits, const std::string& in) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return Error{Code::limit, "out of memory while compressing a body"};
    }
    const std::unique_ptr<z_stream, decltype(&deflateEnd)> end(&stream, &deflateEnd);
    std::string out(deflateBound(&stream, in.size()), '\0');
    stream.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // NOLINT: zlib's signature
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
        return Error{Code::limit, "a body could not be compressed"};
    }
    out.resize(stream.total_out);
    return out;
}

Result<std::string> encode_brotli(const std::string& in) {
    std::size_t size = BrotliEncoderMaxCompressedSize(in.size()) + 16;
    std::string out(size, '\0');
    if (BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, in.size(),
                              reinterpret_cast<const std::uint8_t*>(in.data()), &size,
                              reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_FALSE) {
        return Error{Code::limit, "a body could not be compressed with br"};
    }
    out.resize(size);
    return out;
}

Result<std::string> encode_zstd(const std::string& in) {
    std::string out(ZSTD_compressBound(in.size()), '\0');
    const std::size_t size = ZSTD_compress(out.data(), out.size(), in.data(), in.size(), 3);
    if (ZSTD_isError(size) != 0) return Error{Code::limit, ZSTD_getErrorName(size)};
    out.resize(size);
    return out;
}

std::vector<std::string_view> listed(std::string_view codings) {
    std::vector<std::string_view> all;
    while (!codings.empty()) {
        const auto comma = codings.find(',');
        auto one = codings.substr(0, comma);
        while (!one.empty() && (one.front() == ' ' || one.front() == '\t')) one.remove_prefix(1);
        while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
        if (!one.empty() && !same_name(one, "identity")) all.push_back(one);
        if (comma == std::string_view::npos) break;
        codings.remove_prefix(comma + 1);
    }
    return all;
}

Result<std::string> decode_one(std::string_view coding,
                               const std::string& body,
                               std::size_t limit) {
    if (same_name(coding, "gzip") || same_name(coding, "x-gzip")) {
        return inflate_with(15 + 16, "gzip", body, limit);
    }
    if (same_name(coding, "deflate")) return inflate_deflate(body, limit);
    if (same_name(coding, "br")) return decode_brotli(body, limit);
    if (same_name(coding, "zstd")) return decode_zstd(body, limit);
    return Error{Code::invalid, base::format("the content coding '{}' is unknown", coding)};
}

}  // namespace

Result<std::string> decode_content(std::string_view codings, std::string body, std::size_t limit) {
    const auto all = listed(codings);
    for (auto coding = all.rbegin(); coding != all.rend(); ++coding) {
        if (body.empty()) return body;
        TRY(body, decode_one(*coding, body, limit));
    }
    return body;
}

Result<std::string> encode_content(std::string_view codings, std::string body) {
    for (const auto coding : listed(codings)) {
        Result<std::string> encoded = Error{
            Code::invalid,
            base::format("compression '{}' is unknown: use gzip, deflate, br or zstd", coding)};
        if (same_name(coding, "gzip")) encoded = deflate_with(15 + 16, body);
        if (same_name(coding, "deflate")) encoded = deflate_with(15, body);
        if (same_name(coding, "br")) encoded = encode_brotli(body);
        if (same_name(coding, "zstd")) encoded = encode_zstd(body);
        TRY(body, std::move(encoded));
    }
    return body;
}

}  // namespace weir::http

#include "http/content_encoding.h"

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include "base/format.h"
#include "http/header_names.h"

namespace weir::http {

using base::Code;
using base::Error;
using base::Result;

/// Takes from the front of `in`, fills `room`.
class BodyDecoder::Coding {
public:
    enum class State : std::uint8_t {
        hungry,  // all of `in` was taken, and nothing is held back
        full,    // there is more to come out
        broken,
    };
    struct Step {
        State state = State::hungry;
        std::size_t made = 0;
    };

    explicit Coding(std::string_view name) : name_(name) {}
    virtual ~Coding() = default;
    Coding(const Coding&) = delete;
    Coding& operator=(const Coding&) = delete;

    [[nodiscard]] virtual Step decode(std::string_view& in, std::span<char> room) = 0;
    /// What has been taken so far could be all.
    [[nodiscard]] virtual bool complete() const noexcept = 0;

    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    /// Here, not on the stack: these run on fibers.
    [[nodiscard]] std::span<char> room() noexcept { return room_; }

private:
    std::string_view name_;
    std::array<char, 16384> room_;  // NOLINT(cppcoreguidelines-pro-type-member-init): written first
};

namespace {

constexpr std::size_t codings_most = 4;

constexpr int gzip_window = 15 + 16;  // zlib's window bits say the wrapper, too
constexpr int zlib_window = 15;
constexpr int raw_window = -15;

const Bytef* zlib_bytes(std::string_view text) {
    return reinterpret_cast<const Bytef*>(text.data());
}

class Inflate {
public:
    explicit Inflate(int window_bits) : made_(inflateInit2(&stream_, window_bits) == Z_OK) {}
    ~Inflate() {
        if (made_) inflateEnd(&stream_);
    }
    Inflate(const Inflate&) = delete;
    Inflate& operator=(const Inflate&) = delete;

    [[nodiscard]] BodyDecoder::Coding::Step decode(std::string_view& in, std::span<char> room) {
        using State = BodyDecoder::Coding::State;
        if (!made_) return {State::broken, 0};
        stream_.next_in = const_cast<Bytef*>(zlib_bytes(in));  // NOLINT: zlib's signature
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(room.data());
        stream_.avail_out = static_cast<uInt>(room.size());
        const int result = inflate(&stream_, Z_NO_FLUSH);
        in.remove_prefix(in.size() - stream_.avail_in);
        const std::size_t made = room.size() - stream_.avail_out;
        ended_ = result == Z_STREAM_END;
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
            return {State::broken, made};
        }
        return {!in.empty() || made == room.size() ? State::full : State::hungry, made};
    }
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    void restart() {
        inflateReset(&stream_);
        ended_ = false;
    }

private:
    z_stream stream_{};
    bool made_;
    bool ended_ = false;
};

/// RFC 1952. Several members are one after the other: §2.2.
class Gzip final : public BodyDecoder::Coding {
public:
    Gzip() : Coding("gzip"), inflate_(gzip_window) {}
    Step decode(std::string_view& in, std::span<char> room) override {
        if (inflate_.ended()) {
            if (in.empty()) return {};
            inflate_.restart();
        }
        return inflate_.decode(in, room);
    }
    [[nodiscard]] bool complete() const noexcept override { return inflate_.ended(); }

private:
    Inflate inflate_;
};

/// "deflate" is zlib's format (RFC 9110 §8.4.1.2), but raw deflate is what some servers send: the
/// first two bytes tell.
class Deflate final : public BodyDecoder::Coding {
public:
    Deflate() : Coding("deflate") {}
    Step decode(std::string_view& in, std::span<char> room) override {
        while (head_size_ < head_.size() && !in.empty()) {
            head_[head_size_++] = in.front();
            in.remove_prefix(1);
        }
        if (head_size_ < head_.size()) return {};
        if (inflate_ == nullptr) {
            inflate_ = std::make_unique<Inflate>(is_zlib() ? zlib_window : raw_window);
            std::string_view head(head_.data(), head_.size());
            const Step step = inflate_->decode(head, room);
            if (step.state == State::broken) return step;
            return {State::full, step.made};
        }
        if (inflate_->ended()) {  // what follows is nobody's
            in = {};
            return {};
        }
        return inflate_->decode(in, room);
    }
    [[nodiscard]] bool complete() const noexcept override {
        return inflate_ != nullptr && inflate_->ended();
    }

private:
    /// RFC 1950 §2.2.
    [[nodiscard]] bool is_zlib() const noexcept {
        const auto first = static_cast<unsigned char>(head_[0]);
        const auto second = static_cast<unsigned char>(head_[1]);
        return (first & 0x0FU) == 8 && first >> 4U <= 7 && (first * 256U + second) % 31 == 0;
    }
    std::array<char, 2> head_{};
    std::size_t head_size_ = 0;
    std::unique_ptr<Inflate> inflate_;
};

/// RFC 7932.
class Brotli final : public BodyDecoder::Coding {
public:
    Brotli()
        : Coding("br"),
          decoder_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr),
                   &BrotliDecoderDestroyInstance) {}
    Step decode(std::string_view& in, std::span<char> room) override {
        if (complete_ || decoder_ == nullptr) {
            in = {};
            return {complete_ ? State::hungry : State::broken, 0};
        }
        std::size_t left = in.size();
        const auto* next = reinterpret_cast<const std::uint8_t*>(in.data());
        std::size_t free = room.size();
        auto* to = reinterpret_cast<std::uint8_t*>(room.data());
        const auto result =
            BrotliDecoderDecompressStream(decoder_.get(), &left, &next, &free, &to, nullptr);
        in.remove_prefix(in.size() - left);
        complete_ = result == BROTLI_DECODER_RESULT_SUCCESS;
        if (result == BROTLI_DECODER_RESULT_ERROR) return {State::broken, room.size() - free};
        const bool more = result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT || !in.empty();
        return {more ? State::full : State::hungry, room.size() - free};
    }
    [[nodiscard]] bool complete() const noexcept override { return complete_; }

private:
    std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> decoder_;
    bool complete_ = false;
};

/// RFC 8878, in windows of at most 8 MiB (RFC 9659): a few bytes must not make us hold 128.
class Zstd final : public BodyDecoder::Coding {
public:
    Zstd() : Coding("zstd"), decoder_(ZSTD_createDCtx(), &ZSTD_freeDCtx) {
        ZSTD_DCtx_setParameter(decoder_.get(), ZSTD_d_windowLogMax, 23);
    }
    Step decode(std::string_view& in, std::span<char> room) override {
        if (in.empty() && complete_) return {};
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{room.data(), room.size(), 0};
        const std::size_t result = ZSTD_decompressStream(decoder_.get(), &to, &from);
        in.remove_prefix(from.pos);
        if (ZSTD_isError(result) != 0) return {State::broken, to.pos};
        complete_ = result == 0;
        return {!in.empty() || to.pos == to.size ? State::full : State::hungry, to.pos};
    }
    [[nodiscard]] bool complete() const noexcept override { return complete_; }

private:
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> decoder_;
    bool complete_ = false;
};

std::unique_ptr<BodyDecoder::Coding> coding_named(std::string_view name) {
    if (same_name(name, "gzip") || same_name(name, "x-gzip")) return std::make_unique<Gzip>();
    if (same_name(name, "deflate")) return std::make_unique<Deflate>();
    if (same_name(name, "br")) return std::make_unique<Brotli>();
    if (same_name(name, "zstd")) return std::make_unique<Zstd>();
    return nullptr;
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

Result<std::string> deflated(int window_bits, const std::string& in) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return Error{Code::limit, "out of memory while compressing a body"};
    }
    const std::unique_ptr<z_stream, decltype(&deflateEnd)> end(&stream, &deflateEnd);
    std::string out(deflateBound(&stream, in.size()), '\0');
    stream.next_in = const_cast<Bytef*>(zlib_bytes(in));  // NOLINT: zlib's signature
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
    constexpr int quality = 5;  // fast; the rest buys little
    std::size_t size = BrotliEncoderMaxCompressedSize(in.size()) + 16;
    std::string out(size, '\0');
    if (BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, in.size(),
                              reinterpret_cast<const std::uint8_t*>(in.data()), &size,
                              reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_FALSE) {
        return Error{Code::limit, "a body could not be compressed with br"};
    }
    out.resize(size);
    return out;
}

Result<std::string> encode_zstd(const std::string& in) {
    std::string out(ZSTD_compressBound(in.size()), '\0');
    const std::size_t size =
        ZSTD_compress(out.data(), out.size(), in.data(), in.size(), ZSTD_CLEVEL_DEFAULT);
    if (ZSTD_isError(size) != 0) {
        return Error{Code::limit, base::format("a body could not be compressed with zstd: {}",
                                               ZSTD_getErrorName(size))};
    }
    out.resize(size);
    return out;
}

Result<std::string> encode_one(std::string_view coding, const std::string& body) {
    if (same_name(coding, "gzip")) return deflated(gzip_window, body);
    if (same_name(coding, "deflate")) return deflated(zlib_window, body);
    if (same_name(coding, "br")) return encode_brotli(body);
    if (same_name(coding, "zstd")) return encode_zstd(body);
    return Error{
        Code::invalid,
        base::format("compression '{}' is unknown: use gzip, deflate, br or zstd", coding)};
}

}  // namespace

BodyDecoder::BodyDecoder() = default;
BodyDecoder::~BodyDecoder() = default;

std::unique_ptr<BodyDecoder> BodyDecoder::make(std::string_view codings) {
    const auto all = listed(codings);
    if (all.empty() || all.size() > codings_most) return nullptr;
    std::unique_ptr<BodyDecoder> made(new BodyDecoder);
    for (auto name = all.rbegin(); name != all.rend(); ++name) {
        auto coding = coding_named(*name);
        if (coding == nullptr) return nullptr;
        made->codings_.push_back(std::move(coding));
    }
    return made;
}

Result<void> BodyDecoder::feed(std::string_view in, std::string& out, std::size_t limit) {
    fed_ = fed_ || !in.empty();
    return pass(0, in, out, limit);
}

Result<void> BodyDecoder::pass(std::size_t stage,
                               std::string_view in,
                               std::string& out,
                               std::size_t limit) {
    if (stage == codings_.size()) {
        if (in.size() > limit - out.size()) {
            return Error{Code::limit,
                         base::format("the response's body decodes to more than {} bytes", limit)};
        }
        out.append(in);
        return {};
    }
    Coding& coding = *codings_[stage];
    while (true) {
        const Coding::Step step = coding.decode(in, coding.room());
        if (step.made > 0) {
            TRY_VOID(pass(stage + 1, {coding.room().data(), step.made}, out, limit));
        }
        if (step.state == Coding::State::hungry) return {};
        if (step.state == Coding::State::broken) {
            return Error{Code::invalid,
                         base::format("the response's body is not valid {}", coding.name())};
        }
    }
}

Result<void> BodyDecoder::finish() const {
    for (const auto& coding : codings_) {
        if (!fed_ || coding->complete()) continue;
        return Error{Code::invalid, base::format("the response's body ends in the middle of its {}",
                                                 coding->name())};
    }
    return {};
}

Result<std::string> decode_content(std::string_view codings,
                                   std::string_view body,
                                   std::size_t limit) {
    const auto decoder = BodyDecoder::make(codings);
    if (decoder == nullptr) return std::string(body);
    std::string out;
    TRY_VOID(decoder->feed(body, out, limit));
    TRY_VOID(decoder->finish());
    return out;
}

Result<std::string> encode_content(std::string_view codings, std::string body) {
    for (const auto coding : listed(codings)) {
        TRY(body, encode_one(coding, body));
    }
    return body;
}

}  // namespace weir::http

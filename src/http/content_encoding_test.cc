#include "http/content_encoding.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

constexpr std::size_t no_limit = std::size_t{1} << 30U;

std::string encoded(std::string_view codings, const std::string& text) {
    return encode_content(codings, text).value();
}

/// Text that compresses, but not to nothing.
std::string some_text(std::size_t size) {
    std::string text;
    std::uint32_t state = 1;
    while (text.size() < size) {
        state = state * 1664525U + 1013904223U;
        text += "line " + std::to_string(state >> 20U) + "\n";
    }
    text.resize(size);
    return text;
}

class Codings : public ::testing::TestWithParam<const char*> {};

TEST_P(Codings, GiveBackWhatWasEncoded) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{300'000}}) {
        const std::string text = some_text(size);
        const auto decoded = decode_content(GetParam(), encoded(GetParam(), text), no_limit);
        ASSERT_TRUE(decoded.ok()) << decoded.error().text;
        EXPECT_EQ(decoded.value(), text);
    }
}

TEST_P(Codings, ComeInPieces) {
    const std::string text = some_text(40'000);
    const std::string coded = encoded(GetParam(), text);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
        const auto decoder = BodyDecoder::make(GetParam());
        ASSERT_NE(decoder, nullptr);
        std::string out;
        for (std::size_t at = 0; at < coded.size(); at += piece) {
            ASSERT_TRUE(
                decoder->feed(std::string_view(coded).substr(at, piece), out, no_limit).ok());
        }
        EXPECT_TRUE(decoder->finish().ok());
        EXPECT_EQ(out, text);
    }
}

TEST_P(Codings, NoPrefixIsComplete) {
    const std::string coded = encoded(GetParam(), some_text(200));
    for (std::size_t length = 1; length < coded.size(); ++length) {
        EXPECT_FALSE(decode_content(GetParam(), coded.substr(0, length), no_limit).ok()) << length;
    }
    EXPECT_EQ(decode_content(GetParam(), "", no_limit).value(), "");
}

TEST_P(Codings, StopAtTheLimit) {
    const std::string bomb = encoded(GetParam(), std::string(5'000'000, '\0'));
    const auto decoder = BodyDecoder::make(GetParam());
    std::string out;
    const auto fed = decoder->feed(bomb, out, 100'000);
    ASSERT_FALSE(fed.ok());
    EXPECT_EQ(fed.error().code, base::Code::limit);
    EXPECT_LE(out.size(), 100'000U);

    const std::string fits = encoded(GetParam(), std::string(100'000, 'x'));
    EXPECT_TRUE(decode_content(GetParam(), fits, 100'000).ok());
    EXPECT_FALSE(decode_content(GetParam(), fits, 99'999).ok());
}

TEST_P(Codings, GarbageIsInvalid) {
    const auto decoded =
        decode_content(GetParam(), "\xff\xfe this is nothing of the kind", no_limit);
    ASSERT_FALSE(decoded.ok());
    EXPECT_EQ(decoded.error().code, base::Code::invalid);
}

INSTANTIATE_TEST_SUITE_P(
    All, Codings, ::testing::Values("gzip", "deflate", "br", "zstd", "gzip, br", "zstd,gzip"));

TEST(BodyDecoder, LeavesWhatItDoesNotKnow) {
    for (const auto* const codings :
         {"", "identity", "utf-8", "gzip, compress", " , ", "gzip,gzip,gzip,gzip,gzip"}) {
        EXPECT_EQ(BodyDecoder::make(codings), nullptr) << codings;
    }
    EXPECT_EQ(decode_content("aws-chunked", "as it is", no_limit).value(), "as it is");
}

TEST(BodyDecoder, NamesHaveNoCase) {
    const std::string coded = encoded("gzip", "hello");
    EXPECT_EQ(decode_content("GZip", coded, no_limit).value(), "hello");
    EXPECT_EQ(decode_content("x-gzip", coded, no_limit).value(), "hello");
    EXPECT_EQ(decode_content("identity, gzip", coded, no_limit).value(), "hello");
}

TEST(BodyDecoder, UndoesTheLastCodingFirst) {
    const std::string once = encoded("br", "hello");
    EXPECT_EQ(decode_content("br, gzip", encoded("gzip", once), no_limit).value(), "hello");
    EXPECT_FALSE(decode_content("gzip, br", encoded("gzip", once), no_limit).ok());
}

TEST(BodyDecoder, JoinsMembersAndFrames) {
    for (const auto* const coding : {"gzip", "zstd"}) {
        const std::string two = encoded(coding, "one ") + encoded(coding, "two");
        EXPECT_EQ(decode_content(coding, two, no_limit).value(), "one two");
    }
    EXPECT_FALSE(decode_content("gzip", encoded("gzip", "one") + "rubbish", no_limit).ok());
}

TEST(BodyDecoder, TakesRawDeflateToo) {
    // zlib's two bytes of header and four of checksum around it are what "deflate" should have.
    const std::string wrapped = encoded("deflate", some_text(5000));
    const std::string raw = wrapped.substr(2, wrapped.size() - 6);
    EXPECT_EQ(decode_content("deflate", raw, no_limit).value(), some_text(5000));
}

TEST(BodyDecoder, RefusesZstdWindowsBeyond8MiB) {
    // Magic, frame header without single segment, window descriptor 2^27, an empty last raw block.
    constexpr std::string_view large("\x28\xb5\x2f\xfd\x00\x88\x01\x00\x00", 9);
    constexpr std::string_view small("\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00", 9);
    EXPECT_FALSE(decode_content("zstd", large, no_limit).ok());
    EXPECT_TRUE(decode_content("zstd", small, no_limit).ok());
}

TEST(EncodeContent, SaysWhichItKnows) {
    const auto refused = encode_content("lzma", "x");
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().text.find("zstd"), std::string::npos);
    EXPECT_EQ(encode_content("", "x").value(), "x");
    EXPECT_LT(encoded("gzip", std::string(100'000, 'x')).size(), 1000U);
}

}  // namespace
}  // namespace weir::http

#include "stats/hdr_codec.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "stats/base64.h"

namespace weir::stats {
namespace {

/// Written by PyPI's hdrhistogram 0.10.8: HdrHistogram(1, 3600000000, 3) with these values
/// recorded.
constexpr std::string_view from_python =
    "HISTFAAAADZ4nJNpmSzMwMAgygABzFCaEURcm7yEwf4DRICNieskP99qASaW/jiOtQY3WBbvYWQCAOuoCmU=";
const std::vector<std::pair<std::int64_t, std::uint64_t>> recorded = {
    {0, 3},    {1, 1},      {2, 5},         {1000, 7},       {2047, 1},
    {2048, 2}, {123456, 4}, {1000000, 300}, {3599999999, 1},
};

TEST(HdrCodec, ReadsWhatAnotherImplementationWrote) {
    const auto decoded = decode_hdr(from_python);
    ASSERT_TRUE(decoded.ok()) << decoded.error().text;
    Histogram expected(3, 3'600'000'000);
    for (const auto& [value, times] : recorded) expected.add(value, times);
    EXPECT_EQ(decoded.value().count(), 324U);
    EXPECT_EQ(decoded.value().highest(), 3'600'000'000);
    const auto got = decoded.value().buckets();
    const auto want = expected.buckets();
    ASSERT_EQ(got.size(), want.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(got[i].low, want[i].low);
        EXPECT_EQ(got[i].count, want[i].count);
    }
    // What that implementation says of its own percentiles, which are the ends of buckets.
    EXPECT_NEAR(decoded.value().value_at_quantile(0.5), 1000447, 512);
    EXPECT_EQ(decoded.value().max(), 3600809983);
}

TEST(HdrCodec, WritesWhatAnotherImplementationDoes) {
    // To the byte, for both deflate with zlib at its default level.
    Histogram histogram(3, 3'600'000'000);
    for (const auto& [value, times] : recorded) histogram.add(value, times);
    EXPECT_EQ(encode_hdr(histogram), from_python);
}

TEST(HdrCodec, RoundTripsLosslessly) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE(seed);
        base::Random random(seed);
        Histogram histogram(1 + static_cast<int>(seed % 4));
        const auto n = random.below(500);
        for (std::uint64_t i = 0; i < n; ++i) {
            histogram.add(static_cast<std::int64_t>(random.next() >> (2 + random.below(60))),
                          1 + (random.next() >> (20 + random.below(44))));
        }
        auto back = decode_hdr(encode_hdr(histogram));
        ASSERT_TRUE(back.ok()) << back.error().text;
        if (!histogram.empty()) {
            back.value().restore_extremes(histogram.min(), histogram.max(), histogram.overflow());
        }
        EXPECT_EQ(back.value(), histogram);
    }
}

TEST(HdrCodec, RefusesDamagedText) {
    Histogram histogram;
    for (int i = 0; i < 1000; ++i) histogram.add(i * 997);
    const std::string good = encode_hdr(histogram);
    ASSERT_TRUE(decode_hdr(good).ok());
    EXPECT_FALSE(decode_hdr("").ok());
    EXPECT_FALSE(decode_hdr("not base64!").ok());
    EXPECT_FALSE(decode_hdr("AAAA").ok());
    EXPECT_FALSE(decode_hdr(good.substr(0, good.size() / 2 / 4 * 4)).ok());
    std::string other_cookie = good;
    other_cookie[1] = 'A';
    EXPECT_FALSE(decode_hdr(other_cookie).ok());
    base::Random random(9);
    for (int i = 0; i < 300; ++i) {
        std::string damaged = good;
        damaged[random.below(damaged.size())] = static_cast<char>('A' + random.below(26));
        const auto decoded = decode_hdr(damaged);  // may be accepted, must not crash
        if (!decoded.ok()) continue;
        EXPECT_LE(decoded.value().buckets().size(), 802'816U);
    }
}

TEST(Base64, IsRfc4648s) {
    const std::vector<std::pair<std::string, std::string>> vectors = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [plain, text] : vectors) {
        const std::vector<std::uint8_t> bytes(plain.begin(), plain.end());
        EXPECT_EQ(to_base64(bytes), text);
        const auto back = from_base64(text);
        ASSERT_TRUE(back.ok());
        EXPECT_EQ(back.value(), bytes);
    }
    EXPECT_FALSE(from_base64("Zg=").ok());
    EXPECT_FALSE(from_base64("Z===").ok());
    EXPECT_FALSE(from_base64("Zm9v\n").ok());
    EXPECT_FALSE(from_base64("Zg==Zg==").ok());
}

}  // namespace
}  // namespace weir::stats

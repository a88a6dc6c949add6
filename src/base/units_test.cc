#include "base/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time.h"

namespace weir::base {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(ParseDuration, ReadsWhatGoReads) {
    const std::pair<const char*, Nanos> cases[] = {
        {"0", 0ns},
        {"0s", 0ns},
        {"5s", 5s},
        {"30s", 30s},
        {"1478s", 1478s},
        {"-5s", -5s},
        {"+5s", 5s},
        {"5.0s", 5s},
        {"5.6s", 5600ms},
        {"5.s", 5s},
        {".5s", 500ms},
        {"1.004s", 1004ms},
        {"10ns", 10ns},
        {"11us", 11us},
        {"12µs", 12us},
        {"12μs", 12us},
        {"13ms", 13ms},
        {"14s", 14s},
        {"15m", 15min},
        {"16h", 16h},
        {"3h30m", 210min},
        {"4m10.5s", 250500ms},
        {"1h2m3s4ms5us6ns", 1h + 2min + 3s + 4ms + 5us + 6ns},
        {"0.100000000000000000000h", 6min},
        {"9007199254.740993ms", 9007199254740993ns},
    };
    for (const auto& [text, wanted] : cases) {
        const auto parsed = parse_duration(text);
        ASSERT_TRUE(parsed.ok()) << text;
        EXPECT_EQ(parsed.value(), wanted) << text;
    }
}

TEST(ParseDuration, ReadsK6sDaysAndBareMilliseconds) {
    EXPECT_EQ(parse_duration("2d").value(), 48h);
    EXPECT_EQ(parse_duration("1d12h").value(), 36h);
    EXPECT_EQ(parse_duration("1500").value(), 1500ms);
    EXPECT_EQ(parse_duration("0.5").value(), 500us);
    EXPECT_EQ(parse_duration("-1").value(), -1ms);
}

TEST(ParseDuration, RefusesTheRestAndSaysWhatToWrite) {
    for (const char* bad :
         {"", "s", ".", "-", "+", "-.s", "1x", "1 s", "s1", "1s ", "1m30", "1..5s", "3000000h",
          "9223372036854775808ns", "inf", "nan", "1e400", "ms5"}) {
        const auto parsed = parse_duration(bad);
        EXPECT_FALSE(parsed.ok()) << bad;
        if (parsed.ok()) continue;
        EXPECT_THAT(parsed.error().text, HasSubstr("1m30s")) << bad;
    }
}

TEST(WriteDuration, WritesAsGoDoes) {
    const std::pair<Nanos, const char*> cases[] = {
        {0ns, "0s"},
        {1ns, "1ns"},
        {1100ns, "1.1µs"},
        {2200us, "2.2ms"},
        {3300ms, "3.3s"},
        {4min + 5s, "4m5s"},
        {4min + 5001ms, "4m5.001s"},
        {5h + 6min + 7001ms, "5h6m7.001s"},
        {90s, "1m30s"},
        {2500ms, "2.5s"},
        {150ms, "150ms"},
        {12340ns, "12.34µs"},
        {-90s, "-1m30s"},
        {48h, "48h0m0s"},
        {8min + 1ns, "8m0.000000001s"},
        {Nanos::max(), "2562047h47m16.854775807s"},
        {Nanos::min(), "-2562047h47m16.854775808s"},
    };
    for (const auto& [duration, wanted] : cases) EXPECT_EQ(write_duration(duration), wanted);
}

TEST(WriteDuration, IsReadBackExactly) {
    for (const Nanos each :
         {1ns, 999ns, 1001ns, 123456789ns, Nanos(98765432123456789), Nanos(86399s)}) {
        EXPECT_EQ(parse_duration(write_duration(each)).value(), each);
    }
}

TEST(Time, MillisecondsComeAndGo) {
    EXPECT_EQ(from_ms(1.5), 1500us);
    EXPECT_EQ(from_ms(-0.0000006), -1ns);
    EXPECT_DOUBLE_EQ(to_ms(1500us), 1.5);
    EXPECT_DOUBLE_EQ(to_seconds(1500ms), 1.5);
}

TEST(Bytes, AreReadAndWrittenWithUnits) {
    EXPECT_EQ(parse_bytes("512 MiB").value(), 512ULL << 20);
    EXPECT_EQ(parse_bytes("1GB").value(), 1'000'000'000U);
    EXPECT_EQ(parse_bytes("7").value(), 7U);
    EXPECT_EQ(write_bytes(512ULL << 20), "512MiB");
    EXPECT_EQ(write_bytes(1000), "1000B");
    EXPECT_EQ(write_bytes(0), "0B");
    for (const char* bad : {"", "MiB", "-1 MiB", "1 mib", "99999999999 TiB"}) {
        EXPECT_FALSE(parse_bytes(bad).ok()) << bad;
    }
}

}  // namespace
}  // namespace weir::base

#include "record/wall_text.h"

#include <gtest/gtest.h>

namespace weir::record {
namespace {

base::WallTime at(std::int64_t nanos) {
    return base::WallTime(base::Nanos(nanos));
}

TEST(WallText, IsRfc3339WithNineDigits) {
    EXPECT_EQ(to_text(at(0)), "1970-01-01T00:00:00.000000000Z");
    EXPECT_EQ(to_text(at(1'795'476'654'000'000'001)), "2026-11-23T23:30:54.000000001Z");
    EXPECT_EQ(to_text(at(951'782'399'999'999'999)), "2000-02-28T23:59:59.999999999Z");
    EXPECT_EQ(to_text(at(-1)), "1969-12-31T23:59:59.999999999Z");
}

TEST(WallText, RoundTrips) {
    for (const std::int64_t nanos :
         {0L, 1L, -1L, 1'795'476'654'123'456'789L, 951'782'400'000'000'000L,
          9'000'000'000'000'000'000L, -9'000'000'000'000'000'000L}) {
        const auto back = wall_from_text(to_text(at(nanos)));
        ASSERT_TRUE(back.ok()) << back.error().text;
        EXPECT_EQ(back.value(), at(nanos));
    }
}

TEST(WallText, RefusesAnyOtherForm) {
    for (const char* text : {"", "2026-11-23", "2026-11-23T23:30:54Z",
                             "2026-13-23T23:30:54.000000001Z", "2026-02-30T23:30:54.000000001Z",
                             "2026-11-23T24:30:54.000000001Z", "2026-11-23 23:30:54.000000001Z",
                             "2026-11-23T23:30:54.00000000-Z", "9999-11-23T23:30:54.000000001Z"}) {
        EXPECT_FALSE(wall_from_text(text).ok()) << text;
    }
}

}  // namespace
}  // namespace weir::record

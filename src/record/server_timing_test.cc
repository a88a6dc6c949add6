#include "record/server_timing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::record {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ServerTiming timed(std::string name, double ms, std::string description = "") {
    return {std::move(name), ms, std::move(description)};
}
ServerTiming untimed(std::string name, std::string description = "") {
    return {std::move(name), std::nullopt, std::move(description)};
}

TEST(ServerTiming, IsAListOfNamedMetrics) {
    EXPECT_THAT(parse_server_timing("miss, db;dur=53, app;dur=47.2"),
                ElementsAre(untimed("miss"), timed("db", 53), timed("app", 47.2)));
    EXPECT_THAT(parse_server_timing("cache;desc=\"Cache Read\";dur=23.2"),
                ElementsAre(timed("cache", 23.2, "Cache Read")));
    EXPECT_THAT(parse_server_timing("dc;desc=atl"), ElementsAre(untimed("dc", "atl")));
    EXPECT_THAT(parse_server_timing("a;dur=1,a;dur=2"), ElementsAre(timed("a", 1), timed("a", 2)));
}

TEST(ServerTiming, BlanksAndTheCaseOfParametersDoNotMatter) {
    EXPECT_THAT(parse_server_timing(" \tdb ; DUR =\t12.5 ; Desc = disk "),
                ElementsAre(timed("db", 12.5, "disk")));
    EXPECT_THAT(parse_server_timing("DB;dur=1"), ElementsAre(timed("DB", 1)));
}

TEST(ServerTiming, QuotedStringsMayHoldWhatDividesElsewhere) {
    EXPECT_THAT(parse_server_timing(R"(a;desc="x,y;z=1";dur=2, b;dur=3)"),
                ElementsAre(timed("a", 2, "x,y;z=1"), timed("b", 3)));
    EXPECT_THAT(parse_server_timing(R"(a;desc="say \"hi\" \\";dur=2)"),
                ElementsAre(timed("a", 2, R"(say "hi" \)")));
    EXPECT_THAT(parse_server_timing(R"(a;dur="7.5";desc="x" rest;b)"),
                ElementsAre(timed("a", 7.5, "x")));
    EXPECT_THAT(parse_server_timing(R"(a;dur=1;desc="never closed, b;dur=2)"),
                ElementsAre(timed("a", 1, "never closed, b;dur=2")));
    EXPECT_THAT(parse_server_timing("a;desc=\"\\"), ElementsAre(untimed("a", "\\")));
}

TEST(ServerTiming, OfAParameterThatComesTwiceTheFirstCountsEvenAnEmptyOne) {
    EXPECT_THAT(parse_server_timing("a;dur=1;dur=2;desc=x;desc=y"),
                ElementsAre(timed("a", 1, "x")));
    EXPECT_THAT(parse_server_timing("a;dur;dur=2"), ElementsAre(untimed("a")));
    EXPECT_THAT(parse_server_timing("a;dur=;dur=2;desc=x"), ElementsAre(untimed("a", "x")));
}

TEST(ServerTiming, PassesOverWhatItCannotRead) {
    EXPECT_THAT(parse_server_timing(""), IsEmpty());
    EXPECT_THAT(parse_server_timing(" , ;dur=5,,;"), IsEmpty());
    EXPECT_THAT(parse_server_timing("a;;=;=3;foo=bar;;dur=5;x,,b"),
                ElementsAre(timed("a", 5), untimed("b")));
    EXPECT_THAT(parse_server_timing("a;foo;dur=5"), ElementsAre(timed("a", 5)));
}

TEST(ServerTiming, ADurationIsANumberThatIsNotNegative) {
    for (const char* text : {"5", "+5", "5.", "5e0", ".5e1", "5ms", "5 ms", "0.5e+1"}) {
        const auto found = parse_server_timing(std::string("a;dur=") + text);
        EXPECT_THAT(found, ElementsAre(timed("a", 5))) << text;
    }
    for (const char* text : {"", "ms", "-1", "-0", "NaN", "nan", "inf", "Infinity", "1e999", "..5",
                             ".", "+", "+-5", "0x", "--"}) {
        const auto found = parse_server_timing(std::string("a;dur=") + text);
        ASSERT_EQ(found.size(), 1U) << text;
        if (std::string_view(text) == "0x") {
            EXPECT_EQ(found[0].ms, 0.0);
        } else {
            EXPECT_EQ(found[0].ms, std::nullopt) << text;
        }
    }
}

TEST(ServerTiming, ReadsABoundedNumberOfMetrics) {
    std::string header;
    for (int i = 0; i < 1000; ++i) header += "a;dur=1,";
    EXPECT_EQ(parse_server_timing(header).size(), server_timings_most);
}

TEST(ServerTiming, IsCutBetweenMetrics) {
    EXPECT_EQ(bounded_server_timing("a;dur=1, b"), "a;dur=1, b");
    std::string header = "first;dur=1";
    for (int i = 0; i < 100; ++i) header += ", db" + std::to_string(i) + ";desc=\"a, b\";dur=1";
    const std::string cut = bounded_server_timing(header);
    EXPECT_LE(cut.size(), server_timing_bytes_most);
    EXPECT_GT(cut.size(), server_timing_bytes_most - 40);
    const auto whole = parse_server_timing(header);
    const auto part = parse_server_timing(cut);
    ASSERT_LT(part.size(), whole.size());
    EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
    // Ends right at, and one behind, the limit.
    const std::string name(server_timing_bytes_most, 'n');
    EXPECT_EQ(bounded_server_timing(name + ",b"), name);
    EXPECT_EQ(bounded_server_timing(name + "n"), "");
}

}  // namespace
}  // namespace weir::record

#include <array>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"

namespace weir::base {
namespace {

using ::testing::HasSubstr;

Result<int> half(int of) {
    if (of % 2 != 0) return Error{Code::invalid, "odd"};
    return of / 2;
}
Result<int> quarter(int of) {
    TRY(const int first, half(of));
    TRY(const int second, half(first));
    return second;
}
Result<void> check_even(int value) {
    TRY_VOID(half(value).ok() ? Result<void>() : Result<void>(Error{Code::limit, "not even"}));
    return {};
}

TEST(Result, CarriesAValueOrTheError) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error().text, "odd");
    EXPECT_TRUE(check_even(2).ok());
    EXPECT_EQ(check_even(3).error().code, Code::limit);
    EXPECT_EQ(within("reading x", Error{Code::io, "gone"}).text, "reading x: gone");
}

TEST(Result, MovesWhatCannotBeCopied) {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
    const std::unique_ptr<int> taken = std::move(result).value();
    EXPECT_EQ(*taken, 5);
}

TEST(Result, AskingForWhatIsNotThereIsABrokenPromise) {
    EXPECT_DEATH(static_cast<void>(half(1).value()), "CHECK failed: ok");
    EXPECT_DEATH(static_cast<void>(half(2).error()), "CHECK failed");
}

TEST(Check, NamesTheFactAndThePlace) {
    const int two = 2;
    CHECK(two == 2);
    EXPECT_DEATH(CHECK(two == 3), "CHECK failed: two == 3 at .*base_test.cc:");
}

TEST(Random, TheSameSeedGivesTheSameNumbers) {
    // First outputs of xoshiro256** from a SplitMix64-filled state, seed 0 (reference C code).
    Random random(0);
    EXPECT_EQ(random.next(), 0x99EC5F36CB75F2B4U);
    EXPECT_EQ(random.next(), 0xBF6E1F784956452AU);
    Random a(42);
    Random b(42);
    Random other(43);
    const std::uint64_t first = a.next();
    EXPECT_EQ(first, b.next());
    EXPECT_NE(first, other.next());
}

TEST(Random, StaysWithinItsBoundsAndReachesThem) {
    Random random(1);
    std::array<int, 6> counts{};
    for (int i = 0; i < 60000; ++i) counts.at(random.below(6)) += 1;
    for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
    EXPECT_EQ(random.below(1), 0U);
    double sum = 0;
    for (int i = 0; i < 10000; ++i) {
        const double unit = random.unit();
        ASSERT_GE(unit, 0.0);
        ASSERT_LT(unit, 1.0);
        sum += unit;
    }
    EXPECT_NEAR(sum / 10000, 0.5, 0.02);
}

TEST(Random, SplitsAreIndependentAndRepeatable) {
    Random a(7);
    Random b(7);
    Random child = a.split();
    EXPECT_EQ(child.next(), b.split().next());
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(a.split().next());
    EXPECT_EQ(seen.size(), 1000U);
    EXPECT_NE(entropy(), entropy());
}

TEST(Json, KeepsOrderAndRoundTrips) {
    const auto parsed = parse_json(R"({"b":1,"a":[true,null,"ü"]})");
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(write_json(parsed.value()), R"({"b":1,"a":[true,null,"ü"]})");
    EXPECT_EQ(write_json(parsed.value()["a"], 1), "[\n true,\n null,\n \"ü\"\n]");
}

TEST(Json, ErrorsNameLineAndColumn) {
    const auto parsed = parse_json("{\n  \"a\": 1,\n  oops\n}");
    ASSERT_FALSE(parsed.ok());
    EXPECT_THAT(parsed.error().text, HasSubstr("line 3, column 3"));
    EXPECT_FALSE(parse_json("").ok());
    EXPECT_FALSE(parse_json("{} {}").ok());
}

TEST(Json, KnowsUtf8) {
    for (const std::string& text : {std::string(), std::string("a\n"), std::string("\xC3\xA9"),
                                    std::string("\xF0\x9F\x98\x80"), std::string(1, '\0')}) {
        EXPECT_TRUE(is_utf8(text)) << text;
    }
    for (const char* text : {"\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "a\x80"}) {
        EXPECT_FALSE(is_utf8(text)) << text;
    }
}

TEST(Json, InvalidUtf8IsReplacedWhenWritten) {
    EXPECT_EQ(write_json(Json("a\xff")), "\"a\xEF\xBF\xBD\"");
}

TEST(Json, MembersAreReadWithFallbacks) {
    const Json object = parse_json(R"({"n":2.5,"t":"x","b":true})").value();
    EXPECT_EQ(number_or(object, "n", 1), 2.5);
    EXPECT_EQ(number_or(object, "t", 1), 1);
    EXPECT_EQ(number_or(Json(5), "n", 1), 1);
    EXPECT_EQ(text_or(object, "t", "y"), "x");
    EXPECT_EQ(text_or(object, "none", "y"), "y");
    EXPECT_TRUE(bool_or(object, "b", false));
    EXPECT_FALSE(bool_or(object, "n", false));
}

TEST(TextMap, IsAskedWithoutMakingAString) {
    TextMap<int> map;
    map["key"] = 3;
    EXPECT_EQ(map.find(std::string_view("key"))->second, 3);
    EXPECT_EQ(map.find(std::string_view("other")), map.end());
}

TEST(Log, GoesToItsSinkAndNowhereWithoutOne) {
    std::vector<std::pair<Level, std::string>> lines;
    const Log log([&](Level level, std::string_view line) { lines.emplace_back(level, line); });
    log.warn("careful");
    log.debug("detail");
    Log().error("nobody hears");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0], (std::pair<Level, std::string>(Level::warn, "careful")));
    EXPECT_EQ(lines[1].first, Level::debug);
}

}  // namespace
}  // namespace weir::base

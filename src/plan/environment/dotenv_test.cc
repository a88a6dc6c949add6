#include "plan/environment/dotenv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::plan {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Values = std::map<std::string, std::string>;

Values values_of(std::string_view text) {
    const auto parsed = parse_dotenv(text, ".env");
    EXPECT_TRUE(parsed.ok()) << parsed.error().text;
    return parsed.ok() ? parsed.value() : Values{};
}

std::string value_of(std::string_view value) {
    return values_of("A=" + std::string(value) + "\nNEXT=1\n")["A"];
}

std::string error_of(std::string_view text) {
    const auto parsed = parse_dotenv(text, "dir/.env");
    return parsed.ok() ? "" : parsed.error().text;
}

TEST(Dotenv, NamesValuesCommentsAndExport) {
    EXPECT_EQ(values_of("\xEF\xBB\xBF# first\n\nA=one\r\n  export B = two  # said\n\texport\tC=\n"
                        "D=last"),
              (Values{{"A", "one"}, {"B", "two"}, {"C", ""}, {"D", "last"}}));
    EXPECT_EQ(values_of(""), Values{});
    EXPECT_EQ(values_of("export=1\nA=1\nA=2\n"), (Values{{"A", "2"}, {"export", "1"}}));
}

TEST(Dotenv, ABareValueEndsAtACommentBehindABlankOnly) {
    EXPECT_EQ(value_of("pass#word"), "pass#word");
    EXPECT_EQ(value_of("#pass"), "#pass");
    EXPECT_EQ(value_of(" # nothing"), "");
    EXPECT_EQ(value_of("a b\t# c"), "a b");
    EXPECT_EQ(value_of("a=b==  "), "a=b==");
    EXPECT_EQ(value_of("it's \"so\" \\n"), "it's \"so\" \\n");
    EXPECT_EQ(value_of("${HOME} $X"), "${HOME} $X");
}

TEST(Dotenv, SingleQuotesKeepAllAndDoubleQuotesUnescape) {
    EXPECT_EQ(value_of("' a # \\n $X \"' # c"), " a # \\n $X \"");
    EXPECT_EQ(value_of(R"(" a # b\n\t\"\\\$\` \d ")"), " a # b\n\t\"\\$` \\d ");
    EXPECT_EQ(value_of("''"), "");
    EXPECT_EQ(value_of("\"\""), "");
}

TEST(Dotenv, DoubleQuotesGoOverLines) {
    EXPECT_EQ(values_of("KEY=\"-----BEGIN\r\nabc\r\n-----END\"\nB=2\n"),
              (Values{{"KEY", "-----BEGIN\nabc\n-----END"}, {"B", "2"}}));
}

TEST(Dotenv, MistakesSayWhereAndNeverQuoteTheFile) {
    EXPECT_THAT(error_of("A=1\nhunter2secret\n"), StartsWith("dir/.env:2:14: "));
    EXPECT_THAT(error_of("A=1\nhunter2secret\n"), Not(HasSubstr("hunter2")));
    EXPECT_THAT(error_of("A=1\n B=\"x\n\ny\n"), StartsWith("dir/.env:2:4: the quote \" that"));
    EXPECT_THAT(error_of("A='x\ny'\n"), StartsWith("dir/.env:1:3: the quote '"));
    EXPECT_THAT(error_of("A=\"x\ny\" z\n"), StartsWith("dir/.env:2:4: behind a closing quote"));
    EXPECT_THAT(error_of("A=\"x\"y\n"), StartsWith("dir/.env:1:6: "));
    EXPECT_THAT(error_of("=x\n"), StartsWith("dir/.env:1:1: "));
    EXPECT_THAT(error_of("1A=x\n"), StartsWith("dir/.env:1:1: "));
    EXPECT_THAT(error_of("export A\n"), StartsWith("dir/.env:1:9: a name is followed by ="));
    EXPECT_THAT(error_of("export \n"), StartsWith("dir/.env:1:8: "));
    EXPECT_THAT(error_of(std::string_view("A=x\0y\n", 6)), HasSubstr("zero byte"));
    EXPECT_THAT(error_of("A=\"x\\"), HasSubstr("never closed"));
}

}  // namespace
}  // namespace weir::plan

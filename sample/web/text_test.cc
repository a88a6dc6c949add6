#include "sample/web/text.h"

#include <gtest/gtest.h>

#include "sample/web/message.h"

namespace weir::sample {
namespace {

TEST(Text, FormsComeApart) {
    const auto form = parse_form("a=1+2&b=%3C%zz%&empty=&bare&&a=again");
    ASSERT_EQ(form.size(), 5U);
    EXPECT_EQ(first(form, "a"), "1 2");
    EXPECT_EQ(first(form, "b"), "<%zz%");
    EXPECT_EQ(first(form, "empty"), "");
    EXPECT_EQ(form[3].first, "bare");
}

TEST(Text, EncodingComesBack) {
    std::string all;
    for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
    EXPECT_EQ(decode_form_text(encode_uri(all)), all);
}

TEST(Text, CookiesComeApart) {
    const auto cookies = parse_cookies("connect.sid=s%3A1; jwtSession=a=b;nothing");
    ASSERT_EQ(cookies.size(), 2U);
    EXPECT_EQ(first(cookies, "connect.sid"), "s%3A1");
    EXPECT_EQ(first(cookies, "jwtSession"), "a=b");
}

TEST(Text, NumbersAreWholeAndInRange) {
    EXPECT_EQ(positive("17", 1, 100), 17);
    for (const char* text : {"", "0", "-3", "101", "1x", "99999999999999999999999"}) {
        EXPECT_EQ(positive(text, 7, 100), 7) << text;
    }
}

TEST(Request, OnlyAnUrlencodedBodyIsAForm) {
    RawRequest raw{.method = "POST",
                   .target = "/x?q=1",
                   .content_type = "application/json",
                   .cookie = "",
                   .authorization = "",
                   .body = "a=1"};
    EXPECT_TRUE(parse_request(raw).form.empty());
    raw.content_type = "application/x-www-form-urlencoded; charset=utf-8";
    EXPECT_EQ(first(parse_request(raw).form, "a"), "1");
    EXPECT_EQ(first(parse_request(raw).query, "q"), "1");
    EXPECT_EQ(parse_request(raw).path, "/x");
}

}  // namespace
}  // namespace weir::sample

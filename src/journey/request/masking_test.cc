#include "journey/request/masking.h"

#include <gtest/gtest.h>

namespace weir::journey {
namespace {

TEST(Masking, HeadersKeepWhatIsNoCredential) {
    EXPECT_EQ(masked_header("authorization", "Bearer abc.def"), "Bearer ***");
    EXPECT_EQ(masked_header("Authorization", "abc"), "***");
    EXPECT_EQ(masked_header("Proxy-Authorization", "Basic dTpw"), "Basic ***");
    EXPECT_EQ(masked_header("X-Api-Key", "k1"), "***");
    EXPECT_EQ(masked_header("X-CSRF-Token", "t1"), "***");
    EXPECT_EQ(masked_header("Cookie", "sid=s%3Aabc; theme=dark=1"), "sid=***; theme=***");
    EXPECT_EQ(masked_header("Set-Cookie", "sid=abc; Path=/; HttpOnly"),
              "sid=***; Path=/; HttpOnly");
    EXPECT_EQ(masked_header("Location", "/cb?code=abc&state=1"), "/cb?code=***&state=1");
    EXPECT_EQ(masked_header("Link", "<https://u:p@h/a?x=1>"), "<https://h/a?x=1>");
    EXPECT_EQ(masked_header("WWW-Authenticate", "Digest realm=\"a?b=c\""),
              "Digest realm=\"a?b=c\"");
    EXPECT_EQ(masked_header("Content-Encoding", "gzip"), "gzip");
}

TEST(Masking, LinksLoseCredentialsWhereverTheyStand) {
    EXPECT_EQ(masked_link("https://user:p%40ss@host:8443/a@b?q=1&token=t&q=2"),
              "https://host:8443/a@b?q=1&token=***&q=2");
    EXPECT_EQ(masked_link("//u@h"), "//h");
    EXPECT_EQ(masked_link("/a#access_token=t&x=1"), "/a#access_token=***&x=1");
    EXPECT_EQ(masked_link("/a?password=#password=p"), "/a?password=***#password=***");
    EXPECT_EQ(masked_link("/plain"), "/plain");
    EXPECT_EQ(masked_link("?"), "?");
    EXPECT_EQ(masked_link(""), "");
}

TEST(Masking, FormsAndJsonByTheNamesOfTheirFields) {
    EXPECT_EQ(masked_body("application/x-www-form-urlencoded; charset=UTF-8",
                          "username=heavy&password=p%26w&client_secret=&_csrf=1"),
              "username=heavy&password=***&client_secret=***&_csrf=1");
    EXPECT_EQ(
        masked_body("application/json",
                    R"({"user": "a\"b", "Password" : "x\"y", "code": 7, "access_token":"t"})"),
        R"({"user": "a\"b", "Password" : "***", "code": 7, "access_token":"***"})");
    EXPECT_EQ(masked_body("application/problem+json", R"({"secret":12,"tokens":{"a":"b"}})"),
              R"({"secret":"***","tokens":{"a":"b"}})");
    EXPECT_EQ(masked_body("application/json", R"({"token":"cut of)"), R"({"token":"***")");
    EXPECT_EQ(masked_body("application/json", R"(["token", "password"])"),
              R"(["token", "password"])");
    EXPECT_EQ(masked_body("text/html", "password=p"), "password=p");
}

TEST(Masking, MultipartFieldsLoseTheirBodies) {
    EXPECT_EQ(masked_body("multipart/form-data; boundary=b",
                          "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nheavy\r\n"
                          "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\np\nw\r\n"
                          "--b--\r\n"),
              "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nheavy\r\n"
              "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n***\r\n--b--\r\n");
}

}  // namespace
}  // namespace weir::journey

#include "app/history/door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attest/digest.h"

namespace weir::app {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

using Fields = std::vector<std::pair<std::string, std::string>>;

http::ReceivedRequest request(const std::string& method, const Fields& headers) {
    http::ReceivedRequest made;
    made.method = method;
    made.target = "/api/history";
    for (const auto& [name, value] : headers) made.headers.add(name, value);
    return made;
}

/// 0: let in.
int status_at(const Door& door, const http::ReceivedRequest& asked) {
    if (const auto away = door.turn_away(asked)) return away->status;
    const auto token = door.ask_for_token(asked);
    return token ? token->status : 0;
}

TEST(Door, LetsOnlyReadersIn) {
    const Door door({});
    EXPECT_EQ(status_at(door, request("GET", {{"Host", "x"}})), 0);
    EXPECT_EQ(status_at(door, request("HEAD", {{"Host", "x"}})), 0);
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", ""}) {
        const auto away = door.turn_away(request(method, {{"Host", "x"}}));
        ASSERT_TRUE(away) << method;
        EXPECT_EQ(away->status, 405);
        EXPECT_THAT(away->headers, Contains(Pair("Allow", "GET, HEAD")));
    }
}

TEST(Door, KeepsOtherNamesOut) {
    const Door door({.hosts = {"localhost", "127.0.0.1", "::1"}, .token_sha256 = ""});
    for (const char* host : {"localhost", "LOCALHOST:8780", "localhost.:8780", "127.0.0.1:8780",
                             "[::1]:8780", "[::1]"}) {
        EXPECT_EQ(status_at(door, request("GET", {{"Host", host}})), 0) << host;
    }
    for (const char* host :
         {"evil.example", "evil.example:8780", "localhost.evil.example", "127.0.0.1.evil.example",
          "localhost:", "localhost:x", "localhost:99999", "[::1", "[::1]x", "", "127.0.0.2"}) {
        EXPECT_EQ(status_at(door, request("GET", {{"Host", host}})), 421) << host;
    }
    EXPECT_EQ(status_at(door, request("GET", {})), 400);
    EXPECT_EQ(status_at(door, request("GET", {{"Host", "localhost"}, {"host", "evil.example"}})),
              400);
}

TEST(Door, AsksForTheToken) {
    const Door door({.hosts = {}, .token_sha256 = attest::sha256_hex("a-token-of-the-team")});
    const auto with = [&door](const std::string& authorization) {
        return status_at(door, request("GET", {{"Host", "x"}, {"Authorization", authorization}}));
    };
    EXPECT_EQ(with("Bearer a-token-of-the-team"), 0);
    EXPECT_EQ(with("bearer  a-token-of-the-team"), 0);
    for (const char* wrong :
         {"", "Bearer", "Bearer ", "Bearer a-token-of-the-tea", "Bearer a-token-of-the-teams",
          "Basic a-token-of-the-team", "a-token-of-the-team", "Bearer A-token-of-the-team"}) {
        EXPECT_EQ(with(wrong), 401) << wrong;
    }
    const auto asked = door.ask_for_token(request("GET", {{"Host", "x"}}));
    ASSERT_TRUE(asked);
    EXPECT_THAT(asked->headers, Contains(Pair("WWW-Authenticate", HasSubstr("Bearer"))));
    EXPECT_THAT(asked->body, HasSubstr("\"format\":\"weir.problem\""));
    EXPECT_THAT(asked->body, testing::Not(HasSubstr("team\"")));
}

}  // namespace
}  // namespace weir::app

#include "sample/auth/tokens.h"

#include <gtest/gtest.h>

#include "sample/auth/crypto.h"

namespace weir::sample {
namespace {

using std::chrono::seconds;

const Identity person{"ui", "id-1", "heavy", "auth", {"ROLE_USER"}};

TEST(Base64, KeepsTheVectorsOfRfc4648) {
    EXPECT_EQ(base64url(""), "");
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("fo"), "Zm8");
    EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url("\xfb\xff"), "-_8");
    EXPECT_EQ(from_base64("Zm9vYg=="), "foob");
    EXPECT_EQ(from_base64("+/8"), "\xfb\xff");
    EXPECT_EQ(from_base64("a b"), std::nullopt);
}

TEST(Hmac, KeepsAVectorOfRfc4231) {
    EXPECT_EQ(base64url(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
}

TEST(PasswordHash, TakesOnlyItsPassword) {
    const PasswordHash hash("sample-password");
    EXPECT_TRUE(hash.matches("sample-password"));
    EXPECT_FALSE(hash.matches("sample-passwore"));
    EXPECT_FALSE(hash.matches(""));
}

TEST(Tokens, SayWhoCalls) {
    const Tokens tokens(system_clock());
    const auto read = tokens.read(tokens.issue(person, seconds(60)));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->user_id, "id-1");
    EXPECT_EQ(read->user_name, "heavy");
    EXPECT_EQ(read->source, "auth");
    EXPECT_TRUE(read->has_role("ROLE_USER"));
}

TEST(Tokens, ABareClientIsNoUser) {
    const Tokens tokens(system_clock());
    const auto read = tokens.read(tokens.issue({"api", "", "", "", {"R"}}, seconds(60)));
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->is_user());
}

TEST(Tokens, EndWithTheirTime) {
    WallTime now = std::chrono::system_clock::now();
    const Tokens tokens([&now] { return now; });
    const auto token = tokens.issue(person, seconds(60));
    now += seconds(58);
    EXPECT_TRUE(tokens.read(token));
    now += seconds(2);
    EXPECT_FALSE(tokens.read(token));
}

TEST(Tokens, RefuseWhatTheyDidNotSign) {
    const Tokens tokens(system_clock());
    const Tokens others(system_clock());
    EXPECT_FALSE(tokens.read(others.issue(person, seconds(60))));
    auto forged = tokens.issue(person, seconds(60));
    forged[forged.find('.') + 5] ^= 1;
    EXPECT_FALSE(tokens.read(forged));
    for (const char* text : {"", ".", "..", "a.b.c", "Zm9v.Zm9v.Zm9v"}) {
        EXPECT_FALSE(tokens.read(text)) << text;
    }
}

}  // namespace
}  // namespace weir::sample

#include "attest/digest.h"

#include <gtest/gtest.h>

namespace weir::attest {
namespace {

TEST(Digest, KeyedAsRfc4231Has) {
    // Test cases 2 and 1.
    EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(Digest, SecretsAreTheSameOrNot) {
    EXPECT_TRUE(same_secret("", ""));
    EXPECT_TRUE(same_secret("abc", "abc"));
    for (const char* other : {"", "ab", "abd", "Abc", "abcd"}) {
        EXPECT_FALSE(same_secret("abc", other)) << other;
    }
}

}  // namespace
}  // namespace weir::attest

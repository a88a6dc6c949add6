#include "attest/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attest/digest.h"
#include "attest/testing/examples.h"

namespace weir::attest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string bytes_of_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return bytes;
}

// RFC 8032 §7.1, TEST 2.
constexpr std::string_view rfc_secret =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr std::string_view rfc_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(Keys, SignAsTheRfcDoes) {
    const auto key = testing::key_from_bytes(bytes_of_hex(rfc_secret));
    EXPECT_EQ(key.sign("r"), bytes_of_hex(rfc_signature));
    EXPECT_TRUE(key.public_key().verifies("r", bytes_of_hex(rfc_signature)));
}

TEST(Keys, VerifyOnlyWhatTheySigned) {
    const auto key = PrivateKey::generate().value();
    const auto other = PrivateKey::generate().value();
    const auto signature = key.sign("message");
    EXPECT_TRUE(key.public_key().verifies("message", signature));
    EXPECT_FALSE(key.public_key().verifies("Message", signature));
    EXPECT_FALSE(key.public_key().verifies("", signature));
    EXPECT_FALSE(other.public_key().verifies("message", signature));
    EXPECT_FALSE(key.public_key().verifies("message", ""));
    EXPECT_FALSE(key.public_key().verifies("message", signature + '\0'));
    EXPECT_FALSE(key.public_key().verifies("message", signature.substr(1)));
}

TEST(Keys, GoThroughPemAndBack) {
    const auto key = PrivateKey::generate().value();
    EXPECT_THAT(std::string(key.pem().view()), HasSubstr("-----BEGIN PRIVATE KEY-----"));
    const auto again = PrivateKey::from_pem(key.pem().view()).value();
    EXPECT_EQ(again.sign("x"), key.sign("x"));
    const auto other_half = PublicKey::from_pem(key.public_key().pem()).value();
    EXPECT_EQ(other_half, key.public_key());
    EXPECT_EQ(other_half.id(), key.public_key().id());
    EXPECT_EQ(other_half.id().size(), 64U);
}

// The public key of RFC 8410 §10.1; the id is what
// `openssl pkey -pubin -outform DER | sha256sum` says.
TEST(Keys, IdIsTheDigestOfTheSubjectPublicKeyInfo) {
    const auto key = PublicKey::from_pem(
        "-----BEGIN PUBLIC KEY-----\n"
        "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PUBLIC KEY-----\n");
    ASSERT_TRUE(key.ok()) << key.error().text;
    const auto der =
        bytes_of_base64("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");
    EXPECT_EQ(key.value().id(), sha256_hex(der.value()));
}

// ssh-keygen, openssl genpkey -algorithm RSA | EC | X25519 …, cut down to what matters.
constexpr std::string_view x25519_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEIHBgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABA\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view ec_public_key =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
    "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
    "-----END PUBLIC KEY-----\n";

TEST(Keys, OfAnotherKindAreNamed) {
    EXPECT_THAT(PrivateKey::from_pem(x25519_key).error().text, HasSubstr("of the kind X25519"));
    EXPECT_THAT(PublicKey::from_pem(ec_public_key).error().text, HasSubstr("of the kind EC"));
    EXPECT_THAT(PrivateKey::from_pem("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
                                     "-----END OPENSSH PRIVATE KEY-----\n")
                    .error()
                    .text,
                HasSubstr("OPENSSH PRIVATE KEY"));
    EXPECT_THAT(PrivateKey::from_pem("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"
                                     "-----END ENCRYPTED PRIVATE KEY-----\n")
                    .error()
                    .text,
                HasSubstr("pass phrase"));
}

TEST(Keys, TheWrongHalfIsNamedAndNotQuoted) {
    const auto key = testing::key_of('A');
    const std::string secret(key.pem().view());
    const auto wrong = PublicKey::from_pem(secret);
    EXPECT_THAT(wrong.error().text, HasSubstr("it is a private key"));
    EXPECT_THAT(wrong.error().text, Not(HasSubstr(secret.substr(30, 20))));
    EXPECT_THAT(PrivateKey::from_pem(key.public_key().pem()).error().text,
                HasSubstr("it is a public key"));
}

TEST(Keys, GarbageIsRefused) {
    const auto key = testing::key_of('A');
    const std::string pem(key.pem().view());
    const std::vector<std::string> none{"",
                                        "hello",
                                        std::string(100000, '-'),
                                        pem.substr(0, pem.size() / 2),
                                        pem + pem,
                                        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                                        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE "
                                        "KEY-----\n"};
    for (const auto& each : none) {
        EXPECT_FALSE(PrivateKey::from_pem(each).ok()) << each;
        EXPECT_FALSE(PublicKey::from_pem(each).ok()) << each;
    }
    // Bytes behind the key, inside its block.
    const auto der =
        bytes_of_base64("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");
    EXPECT_FALSE(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\n" + base64_of(der.value() + "x") +
                                     "\n-----END PUBLIC KEY-----\n")
                     .ok());
}

TEST(Keys, SecretTextLeavesNothingBehind) {
    SecretText secret(std::string("short"));
    SecretText other = std::move(secret);
    EXPECT_EQ(other.view(), "short");
    EXPECT_EQ(secret.view(), "");  // NOLINT(bugprone-use-after-move)
    other = SecretText(std::string("another"));
    EXPECT_EQ(other.view(), "another");
}

TEST(Digest, IsSha256AndReadAsPeopleWriteIt) {
    // FIPS 180-4's example.
    constexpr std::string_view abc =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    EXPECT_EQ(sha256_hex("abc"), abc);
    EXPECT_EQ(read_sha256("sha256:" + std::string(abc)).value(), abc);
    EXPECT_EQ(read_sha256(std::string(64, 'A')).value(), std::string(64, 'a'));
    for (const auto* bad : {"", "sha256:", "sha256:abc", "sha512:aa", "latest"}) {
        EXPECT_FALSE(read_sha256(bad).ok()) << bad;
    }
    EXPECT_FALSE(read_sha256(std::string(63, 'a') + "g").ok());
}

}  // namespace
}  // namespace weir::attest

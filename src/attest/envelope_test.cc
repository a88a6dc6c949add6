#include "attest/envelope.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attest/testing/examples.h"
#include "attest/words.h"

namespace weir::attest {
namespace {

using ::testing::HasSubstr;

TEST(Envelope, PreAuthenticationIsAsDsseSaysIt) {
    // protocol.md, "Test Vectors".
    EXPECT_EQ(pre_authentication("http://example.com/HelloWorld", "hello world"),
              "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    EXPECT_EQ(pre_authentication("", ""), "DSSEv1 0  0 ");
    // Lengths are of bytes.
    EXPECT_EQ(pre_authentication("é", std::string("\0x", 2)), std::string("DSSEv1 2 é 2 \0x", 16));
}

TEST(Envelope, GoesThroughJsonAndBack) {
    const auto envelope =
        signed_envelope("text/plain", std::string("a\0b\xff", 4), testing::key_of('A'));
    const auto text = encode(envelope);
    EXPECT_EQ(text.find_first_of(" \n"), std::string::npos);
    const auto again = decode_envelope(text);
    ASSERT_TRUE(again.ok()) << again.error().text;
    EXPECT_EQ(again.value(), envelope);
    EXPECT_TRUE(decode_envelope(" " + text + "\n").ok());
}

TEST(Envelope, CountsDistinctTrustedSigners) {
    const auto ann = testing::key_of('A');
    const auto bob = testing::key_of('B');
    const std::vector trusted{ann.public_key(), bob.public_key()};
    auto envelope = signed_envelope("text/plain", "body", ann);
    EXPECT_EQ(check_signers(envelope, trusted).value().size(), 1U);
    EXPECT_FALSE(check_signers(envelope, trusted, 2).ok());
    envelope.signatures.push_back(envelope.signatures.front());
    EXPECT_THAT(check_signers(envelope, trusted, 2).error().text,
                HasSubstr("1 trusted key signed"));
    sign(envelope, testing::key_of('S'));  // nobody knows it: no harm
    sign(envelope, bob);
    EXPECT_EQ(check_signers(envelope, trusted, 2).value().size(), 2U);
    sign(envelope, bob);
    EXPECT_EQ(
        std::count_if(envelope.signatures.begin(), envelope.signatures.end(),
                      [&](const Signature& each) { return each.key_id == bob.public_key().id(); }),
        1);
}

TEST(Envelope, SaysWhyNobodyIsBelieved) {
    const auto ann = testing::key_of('A');
    const std::vector trusted{ann.public_key()};
    Envelope envelope{"text/plain", "body", {}};
    EXPECT_THAT(check_signers(envelope, trusted).error().text, HasSubstr("nobody signed it"));
    sign(envelope, testing::key_of('S'));
    EXPECT_THAT(check_signers(envelope, trusted).error().text, HasSubstr("not trusted"));
    sign(envelope, ann);
    envelope.payload += "!";
    EXPECT_THAT(check_signers(envelope, trusted).error().text, HasSubstr("changed after"));
    EXPECT_FALSE(check_signers(envelope, {}).ok());
    // Nobody asked for a signature: still nobody vouches for it.
    EXPECT_FALSE(check_signers(Envelope{"text/plain", "body", {}}, trusted, 0).ok());
}

TEST(Envelope, TheTypeIsSigned) {
    const auto ann = testing::key_of('A');
    auto envelope = signed_envelope("text/plain", "body", ann);
    envelope.payload_type = "text/html";
    EXPECT_TRUE(signers(envelope, std::vector{ann.public_key()}).empty());
}

TEST(Words, OfOthersAreSafeToShow) {
    EXPECT_EQ(shown("a\x1b[2J\nb"), "a?[2J?b");
    EXPECT_EQ(shown(std::string(119, 'a') + "é!"), std::string(119, 'a') + "…");
    EXPECT_EQ(shown(std::string(118, 'a') + "é"), std::string(118, 'a') + "é");
    EXPECT_EQ(shown(std::string(500, '\x80')), "…");
}

TEST(Envelope, OthersFieldsAreIgnored) {
    auto text = encode(signed_envelope("text/plain", "body", testing::key_of('A')));
    text.insert(1, R"("extension":{"a":[1]},)");
    EXPECT_TRUE(decode_envelope(text).ok());
}

TEST(Envelope, AnythingOtherThanOneIsRefused) {
    const std::string sig(86, 'A');
    const auto of = [&](const std::string& payload, const std::string& signatures) {
        return R"({"payloadType":"t","payload":")" + payload + R"(","signatures":)" + signatures +
               "}";
    };
    EXPECT_TRUE(decode_envelope(of("YQ==", R"([{"keyid":"k","sig":"YQ=="}])")).ok());
    const std::vector<std::string> bad{
        "",
        "[]",
        "null",
        "{}",
        R"({"payload":"YQ==","signatures":[]})",
        of("YQ", "[]"),
        of("YQ=", "[]"),
        of("YR==", "[]"),  // bits that are no byte's
        of("YQ== ", "[]"),
        of("Y-__", "[]"),
        of("YQ==", "{}"),
        of("YQ==", "[1]"),
        of("YQ==", R"([{"keyid":"k"}])"),
        of("YQ==", R"([{"sig":"YQ=="}])"),
        of("YQ==", R"([{"keyid":1,"sig":"YQ=="}])"),
        of("YQ==", R"([{"keyid":"k","sig":"?"}])"),
        of("YQ==", R"([{"keyid":"k","keyid":"l","sig":"YQ=="}])"),
        R"({"payload":"YQ==",)" + of("Yg==", "[]").substr(1),
        of("YQ==", std::string(40, '[') + std::string(40, ']')),
        of("YQ==", "[]") + "x",
    };
    for (const auto& each : bad) EXPECT_FALSE(decode_envelope(each).ok()) << each;
    std::string many = "[";
    for (int i = 0; i < 33; ++i) many += R"({"keyid":"k","sig":"YQ=="},)";
    many.back() = ']';
    EXPECT_FALSE(decode_envelope(of("YQ==", many)).ok());
    const auto huge = decode_envelope(std::string(envelope_bytes_most + 1, ' '));
    EXPECT_EQ(huge.error().code, base::Code::limit);
}

}  // namespace
}  // namespace weir::attest

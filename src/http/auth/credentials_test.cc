#include "http/auth/credentials.h"

#include <string>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

TEST(BasicCredentials, AreBase64OfUserAndPassword) {
    EXPECT_EQ(basic_credentials("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_EQ(basic_credentials("", ""), "Basic Og==");
}

TEST(PercentDecoded, LeavesWhatIsNoEscape) {
    EXPECT_EQ(percent_decoded("a%40b%3a"), "a@b:");
    EXPECT_EQ(percent_decoded("100%"), "100%");
    EXPECT_EQ(percent_decoded("%4"), "%4");
    EXPECT_EQ(percent_decoded("%zz%41"), "%zzA");
}

/// RFC 7616 §3.9.1.
constexpr std::string_view rfc_parameters =
    R"(realm="http-auth@example.org", qop="auth, auth-int", )"
    R"(nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", )"
    R"(opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";
const DigestRequest rfc_request{.method = "GET",
                                .target = "/dir/index.html",
                                .user = "Mufasa",
                                .password = "Circle of Life",
                                .client_nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};

TEST(DigestCredentials, AreThoseOfTheStandard) {
    const std::string parameters(rfc_parameters);
    const auto md5 = digest_credentials("Digest " + parameters + ", algorithm=MD5", rfc_request);
    ASSERT_TRUE(md5);
    EXPECT_EQ(
        *md5,
        R"(Digest username="Mufasa", realm="http-auth@example.org", )"
        R"(nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", )"
        R"(response="8ca523f5e9506fed4657c9700eebdbec", algorithm=MD5, qop=auth, nc=00000001, )"
        R"(cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", )"
        R"(opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")");
    const auto sha =
        digest_credentials("Digest " + parameters + ", algorithm=SHA-256", rfc_request);
    ASSERT_TRUE(sha);
    EXPECT_NE(sha->find("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
              std::string::npos);
}

TEST(DigestCredentials, WorkWithoutQopAsServersOfOldWant) {
    // RFC 2069 §2.4, with the response of its erratum.
    const auto old = digest_credentials(
        R"(Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093")",
        {.method = "GET",
         .target = "/dir/index.html",
         .user = "Mufasa",
         .password = "CircleOfLife",
         .client_nonce = "unused"});
    ASSERT_TRUE(old);
    EXPECT_NE(old->find(R"(response="1949323746fe6a43ef61f9606e7febea")"), std::string::npos);
    EXPECT_EQ(old->find("qop"), std::string::npos);
    EXPECT_EQ(old->find("unused"), std::string::npos);
}

TEST(DigestCredentials, AreFoundAmongOtherChallenges) {
    const auto found = digest_credentials(
        R"(Negotiate abc==, Basic realm="a, Digest b", DIGEST realm="r\"q", nonce=n, Basic realm=x)",
        rfc_request);
    ASSERT_TRUE(found);
    EXPECT_NE(found->find(R"(realm="r\"q", nonce="n")"), std::string::npos);
}

TEST(DigestCredentials, AnswerOnlyWhatTheyUnderstand) {
    const std::string parameters(rfc_parameters);
    for (const std::string& challenge :
         {std::string(), std::string("Basic realm=x"), std::string("Digest"),
          std::string("Digest realm=x"), std::string("Digest nonce"), std::string("=,=\"x"),
          "Digest " + parameters + ", algorithm=SHA-512-256",
          std::string(R"(Digest realm=x, nonce=y, qop="auth-int")")}) {
        EXPECT_FALSE(digest_credentials(challenge, rfc_request)) << challenge;
    }
    EXPECT_TRUE(digest_credentials("Digest " + parameters + ", algorithm=md5-sess", rfc_request));
}

}  // namespace
}  // namespace weir::http

#include "base/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::base {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Url, IsTakenApartAndNormalised) {
    const Url url =
        parse_url("HTTP://us%65r:p%40ss@EXAMPLE.com:8080/a/../b%20c?q=1&r=ü#frag").value();
    EXPECT_EQ(url.scheme, "http");
    EXPECT_EQ(url.username, "us%65r");
    EXPECT_EQ(url.password, "p%40ss");
    EXPECT_EQ(url.host, "example.com");
    EXPECT_EQ(url.port, 8080);
    EXPECT_FALSE(url.port_is_default);
    EXPECT_EQ(url.path, "/b%20c");
    EXPECT_EQ(url.query, "?q=1&r=%C3%BC");
    EXPECT_EQ(url.fragment, "#frag");
    EXPECT_EQ(url.target(), "/b%20c?q=1&r=%C3%BC");
    EXPECT_EQ(url.authority(), "example.com:8080");
    EXPECT_EQ(url.origin(), "http://example.com:8080");
    EXPECT_EQ(url.href, "http://us%65r:p%40ss@example.com:8080/b%20c?q=1&r=%C3%BC#frag");
}

TEST(Url, KnowsTheSchemesPort) {
    const Url plain = parse_url("http://a.test").value();
    EXPECT_EQ(plain.port, 80);
    EXPECT_TRUE(plain.port_is_default);
    EXPECT_EQ(plain.path, "/");
    EXPECT_EQ(plain.authority(), "a.test");
    EXPECT_EQ(parse_url("https://a.test").value().port, 443);
    EXPECT_TRUE(parse_url("https://a.test:443/").value().port_is_default);
    EXPECT_EQ(parse_url("socks5://a.test:1080").value().port, 1080);
    EXPECT_EQ(parse_url("socks5://a.test").value().port, 0);
}

TEST(Url, Ipv6HostsLoseTheirBracketsAndRegainThemInTheAuthority) {
    const Url url = parse_url("http://[2001:DB8::0:1]:81/").value();
    EXPECT_EQ(url.host, "2001:db8::1");
    EXPECT_EQ(url.authority(), "[2001:db8::1]:81");
    EXPECT_EQ(url.origin(), "http://[2001:db8::1]:81");
}

TEST(Url, InternationalNamesBecomePunycode) {
    EXPECT_EQ(parse_url("http://bücher.example/").value().host, "xn--bcher-kva.example");
}

TEST(Url, ResolvesLinksAsABrowserDoes) {
    const Url base = parse_url("https://a.test/one/two?x#y").value();
    EXPECT_EQ(resolve_url("three", base).value().href, "https://a.test/one/three");
    EXPECT_EQ(resolve_url("/four?q", base).value().href, "https://a.test/four?q");
    EXPECT_EQ(resolve_url("//b.test/x", base).value().href, "https://b.test/x");
    EXPECT_EQ(resolve_url("http://c.test", base).value().href, "http://c.test/");
    EXPECT_EQ(resolve_url("?only", base).value().href, "https://a.test/one/two?only");
    EXPECT_FALSE(resolve_url("http://", base).ok());
}

TEST(Url, ErrorsSayWhatIsWrong) {
    EXPECT_EQ(parse_url("").error().text, "the URL is empty");
    EXPECT_EQ(parse_url("example.com/x").error().text,
              "not a URL: 'example.com/x' has no scheme; write http:// or https:// before it");
    EXPECT_THAT(parse_url("http://").error().text, HasSubstr("no host"));
    EXPECT_FALSE(parse_url("http://a.test:99999/").ok());
    EXPECT_FALSE(parse_url("http://exa mple.test/").ok());
    EXPECT_EQ(parse_url("http://").error().code, Code::invalid);
}

TEST(Url, ErrorsNeverShowCredentials) {
    for (const char* text : {"http://user:secret@a.test:99999/", "http://user:secret@:80/a@b",
                             "//user:se@cret@a.test"}) {
        const auto parsed = parse_url(text);
        ASSERT_FALSE(parsed.ok()) << text;
        EXPECT_THAT(parsed.error().text, Not(HasSubstr("secret"))) << text;
        EXPECT_THAT(parsed.error().text, Not(HasSubstr("cret@"))) << text;
    }
    const auto endless = parse_url("http://a.test:99999/" + std::string(5000, 'x'));
    EXPECT_LT(endless.error().text.size(), 400U);
}

TEST(Url, QueriesComeApartInOrder) {
    using Parts = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(parse_query("a=1&b=%C3%A9+x&a=&c"),
              (Parts{{"a", "1"}, {"b", "\xC3\xA9 x"}, {"a", ""}, {"c", ""}}));
    EXPECT_EQ(parse_query("a=%zz&b=%F"), (Parts{{"a", "%zz"}, {"b", "%F"}}));
    EXPECT_EQ(parse_query("a=%FF%00"), (Parts{{"a", std::string("\xFF\0", 2)}}));
    EXPECT_TRUE(parse_query("").empty());
    EXPECT_TRUE(parse_query("&&").empty());
}

TEST(Url, WritesValuesOfQueries) {
    EXPECT_EQ(query_value("a b&c=\"d\"+%"), "a+b%26c%3D%22d%22%2B%25");
    EXPECT_EQ(query_value(""), "");
}

}  // namespace
}  // namespace weir::base

#include "http/cookie_jar.h"

#include <chrono>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

using base::WallTime;
using std::chrono::hours;
using std::chrono::seconds;

const WallTime now{hours(24 * 365 * 55)};

base::Url url_of(std::string_view text) {
    return base::parse_url(text).value();
}

/// What is sent to `to` after `from` set `cookies`.
std::string sent(std::string_view from,
                 std::initializer_list<std::string_view> cookies,
                 std::string_view to) {
    CookieJar jar;
    for (const auto text : cookies) {
        auto cookie = parse_set_cookie(text, now);
        if (cookie) jar.store(std::move(*cookie), url_of(from), now);
    }
    std::string header;
    const bool any = jar.append_header(url_of(to), now, header);
    EXPECT_EQ(any, !header.empty());
    return header;
}

// ------------------------------------------------------------------- parsing

TEST(ParseSetCookie, ReadsNameValueAndAttributes) {
    const auto cookie = parse_set_cookie(
        " sid = a=b c ; Path=/x;secure; HTTPONLY ;Domain=.Shop.Test; Max-Age=60; SameSite=Lax;;",
        now);
    ASSERT_TRUE(cookie);
    EXPECT_EQ(cookie->name, "sid");
    EXPECT_EQ(cookie->value, "a=b c");
    EXPECT_EQ(cookie->path, "/x");
    EXPECT_EQ(cookie->domain, "shop.test");
    EXPECT_TRUE(cookie->secure);
    EXPECT_TRUE(cookie->http_only);
    EXPECT_EQ(cookie->max_age, 60);
    EXPECT_EQ(cookie->expires, now + seconds(60));
}

TEST(ParseSetCookie, RefusesWhatIsNone) {
    EXPECT_FALSE(parse_set_cookie("", now));
    EXPECT_FALSE(parse_set_cookie("name", now));
    EXPECT_FALSE(parse_set_cookie("=value", now));
    EXPECT_FALSE(parse_set_cookie("; a=b", now));
    EXPECT_FALSE(parse_set_cookie("a=" + std::string(4096, 'x'), now));
    EXPECT_TRUE(parse_set_cookie("a=" + std::string(4095, 'x'), now));
    EXPECT_TRUE(parse_set_cookie("a=", now));
}

TEST(ParseSetCookie, MaxAgeGoesBeforeExpiresWhereverItStands) {
    const std::string expires = "Expires=Wed, 01 Jan 2020 00:00:00 GMT";
    for (const auto& text : {"a=b; Max-Age=60; " + expires, "a=b; " + expires + "; Max-Age=60"}) {
        EXPECT_EQ(parse_set_cookie(text, now)->expires, now + seconds(60));
    }
    EXPECT_LT(*parse_set_cookie("a=b; Max-Age=0", now)->expires, now);
    EXPECT_LT(*parse_set_cookie("a=b; Max-Age=-1", now)->expires, now);
    EXPECT_EQ(parse_set_cookie("a=b; Max-Age=0", now)->max_age, -1);
    EXPECT_EQ(parse_set_cookie("a=b; Max-Age=1x", now)->max_age, 0);
    EXPECT_FALSE(parse_set_cookie("a=b; Max-Age=1x", now)->expires);
    EXPECT_GT(*parse_set_cookie("a=b; Max-Age=99999999999999999999", now)->expires, now);
}

TEST(ParseCookieDate, ReadsTheWaysServersWriteIt) {
    const WallTime wanted{seconds(784111777)};  // RFC 9110 §5.6.7
    for (const std::string_view text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994", "Sun, 06-Nov-1994 08:49:37 GMT", "06 november 1994 8:49:37",
          "08:49:37 1994 nov 6th", "Sun,06/Nov/1994 08:49:37.123"}) {
        const auto date = parse_cookie_date(text);
        ASSERT_TRUE(date) << text;
        EXPECT_EQ(*date, wanted) << text;
    }
    EXPECT_EQ(parse_cookie_date("Thu, 01 Jan 70 00:00:00 GMT"), WallTime{});
    EXPECT_GT(*parse_cookie_date("Thu, 01 Jan 69 00:00:00 GMT"), now);
    EXPECT_GT(*parse_cookie_date("Fri, 31 Dec 9999 23:59:59 GMT"), now);
    EXPECT_LT(*parse_cookie_date("Mon, 01 Jan 1601 00:00:00 GMT"), WallTime{});
}

TEST(ParseCookieDate, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"", "0", "tomorrow", "Sun, 06 Nov 1994", "Sun, 32 Nov 1994 08:49:37 GMT",
          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1600 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
          "Sun, 06 Nov 1994 08:49 GMT", "06 Nom 1994 08:49:37"}) {
        EXPECT_FALSE(parse_cookie_date(text)) << text;
    }
}

// ------------------------------------------------------------------ matching

TEST(CookieJar, SendsToTheHostAloneWithoutADomain) {
    EXPECT_EQ(sent("http://shop.test/", {"a=1"}, "http://shop.test/x"), "a=1");
    EXPECT_EQ(sent("http://shop.test/", {"a=1"}, "http://shop.test:8080/"), "a=1");
    EXPECT_EQ(sent("http://shop.test/", {"a=1"}, "http://www.shop.test/"), "");
    EXPECT_EQ(sent("http://www.shop.test/", {"a=1"}, "http://shop.test/"), "");
}

TEST(CookieJar, SendsBelowADomain) {
    const auto domain = {std::string_view("a=1; Domain=shop.test")};
    EXPECT_EQ(sent("http://www.shop.test/", domain, "http://shop.test/"), "a=1");
    EXPECT_EQ(sent("http://shop.test/", domain, "http://a.b.shop.test/"), "a=1");
    EXPECT_EQ(sent("http://shop.test/", domain, "http://myshop.test/"), "");
    EXPECT_EQ(sent("http://shop.test/", {"a=1; Domain=.SHOP.test"}, "http://www.shop.test/"),
              "a=1");
    EXPECT_EQ(sent("http://shop.test/", {"a=1; Domain="}, "http://www.shop.test/"), "");
}

TEST(CookieJar, RefusesForeignDomains) {
    EXPECT_EQ(sent("http://shop.test/", {"a=1; Domain=other.test"}, "http://other.test/"), "");
    EXPECT_EQ(sent("http://shop.test/", {"a=1; Domain=www.shop.test"}, "http://www.shop.test/"),
              "");
    EXPECT_EQ(sent("http://shop.test/", {"a=1; Domain=test"}, "http://shop.test/"), "");
    EXPECT_EQ(sent("http://localhost/", {"a=1; Domain=localhost"}, "http://localhost/"), "a=1");
}

TEST(CookieJar, TakesAddressesAsTheyAre) {
    EXPECT_EQ(sent("http://127.0.0.1/", {"a=1"}, "http://127.0.0.1/"), "a=1");
    EXPECT_EQ(sent("http://127.0.0.1/", {"a=1; Domain=127.0.0.1"}, "http://127.0.0.1/"), "a=1");
    EXPECT_EQ(sent("http://127.0.0.1/", {"a=1; Domain=0.0.1"}, "http://127.0.0.1/"), "");
    EXPECT_EQ(sent("http://[::1]/", {"a=1"}, "http://[::1]/"), "a=1");
}

TEST(CookieJar, SendsBelowAPath) {
    const auto path = {std::string_view("a=1; Path=/shop")};
    EXPECT_EQ(sent("http://shop.test/", path, "http://shop.test/shop"), "a=1");
    EXPECT_EQ(sent("http://shop.test/", path, "http://shop.test/shop/cart?x"), "a=1");
    EXPECT_EQ(sent("http://shop.test/", path, "http://shop.test/shopping"), "");
    EXPECT_EQ(sent("http://shop.test/", path, "http://shop.test/"), "");
    EXPECT_EQ(sent("http://shop.test/", {"a=1; Path=/shop/"}, "http://shop.test/shop/cart"), "a=1");
    // Without one, the directory of the page that set it.
    EXPECT_EQ(sent("http://shop.test/x/y", {"a=1"}, "http://shop.test/x/z"), "a=1");
    EXPECT_EQ(sent("http://shop.test/x/y", {"a=1"}, "http://shop.test/"), "");
    EXPECT_EQ(sent("http://shop.test/x", {"a=1"}, "http://shop.test/"), "a=1");
    EXPECT_EQ(sent("http://shop.test/x/y", {"a=1; Path=relative"}, "http://shop.test/"), "");
}

TEST(CookieJar, SendsSecureCookiesOverTlsOnly) {
    const auto secure = {std::string_view("a=1; Secure")};
    EXPECT_EQ(sent("https://shop.test/", secure, "https://shop.test/"), "a=1");
    EXPECT_EQ(sent("https://shop.test/", secure, "http://shop.test/"), "");
}

TEST(CookieJar, LongestPathFirstThenOldest) {
    EXPECT_EQ(
        sent("http://shop.test/", {"a=1; Path=/", "b=2; Path=/x", "c=3; Path=/", "d=4; Path=/x"},
             "http://shop.test/x"),
        "b=2; d=4; a=1; c=3");
    // Set again, a cookie stays as old as it was.
    EXPECT_EQ(sent("http://shop.test/", {"a=1", "b=2", "a=3"}, "http://shop.test/"), "a=3; b=2");
}

TEST(CookieJar, GivesBackQuotesAsTheyCame) {
    EXPECT_EQ(sent("http://shop.test/", {"a=\"x y\"", "b=\"", "c=\"\""}, "http://shop.test/"),
              "a=\"x y\"; b=\"; c=\"\"");
    EXPECT_EQ(parse_set_cookie("a=\"x y\"", now)->value, "x y");
}

TEST(CookieJar, SamePathDomainAndNameIsTheSameCookie) {
    EXPECT_EQ(sent("http://shop.test/x/", {"a=1; Path=/", "a=2; Path=/x"}, "http://shop.test/x"),
              "a=2; a=1");
    EXPECT_EQ(sent("http://shop.test/", {"a=1", "A=2"}, "http://shop.test/"), "a=1; A=2");
}

TEST(CookieJar, ForgetsWhatExpired) {
    CookieJar jar;
    const auto url = url_of("http://shop.test/");
    jar.store(*parse_set_cookie("a=1; Max-Age=60", now), url, now);
    jar.store(*parse_set_cookie("b=2", now), url, now);
    std::string header;
    jar.append_header(url, now + seconds(59), header);
    EXPECT_EQ(header, "a=1; b=2");
    EXPECT_EQ(jar.matching(url, now + seconds(60)).size(), 1U);
    EXPECT_EQ(sent("http://shop.test/", {"a=1", "a=; Max-Age=0"}, "http://shop.test/"), "");
    EXPECT_EQ(sent("http://shop.test/", {"a=1", "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"},
                   "http://shop.test/"),
              "");
}

TEST(CookieJar, StoresWhatScriptsSet) {
    CookieJar jar;
    const auto url = url_of("http://shop.test/cart/");
    Cookie cookie;
    cookie.name = "a";
    cookie.value = "1";
    jar.store(cookie, url, now);
    EXPECT_EQ(jar.matching(url_of("http://shop.test/"), now).size(), 1U);  // path is "/" by default
    cookie.domain = "shop.test";
    jar.store(cookie, url, now);
    EXPECT_EQ(jar.matching(url_of("http://www.shop.test/"), now).size(), 1U);
    cookie.value.assign(5000, 'x');
    cookie.name = "large";
    jar.store(cookie, url, now);
    EXPECT_EQ(jar.matching(url, now).size(), 1U);
}

TEST(CookieJar, ErasesByNameOrByHost) {
    CookieJar jar;
    const auto url = url_of("http://www.shop.test/");
    const auto other = url_of("http://shop.test/");
    for (const auto* const text : {"a=1; Domain=shop.test", "b=2", "c=3"}) {
        jar.store(*parse_set_cookie(text, now), url, now);
    }
    jar.store(*parse_set_cookie("b=4", now), other, now);
    jar.erase(url, "b");
    EXPECT_EQ(jar.matching(url, now).size(), 2U);
    EXPECT_EQ(jar.matching(other, now).size(), 2U);  // its own b is still there
    jar.clear(url);
    EXPECT_EQ(jar.matching(url, now).size(), 0U);
    EXPECT_EQ(jar.matching(other, now).size(), 1U);
    jar.clear_all();
    EXPECT_TRUE(jar.empty());
}

TEST(CookieJar, StaysWithinItsLimits) {
    CookieJar jar;
    const auto url = url_of("http://shop.test/");
    for (int i = 0; i < 200; ++i) {
        jar.store(*parse_set_cookie("c" + std::to_string(i) + "=1", now), url, now);
    }
    const auto of_one = jar.matching(url, now);
    EXPECT_EQ(of_one.size(), 180U);
    EXPECT_EQ(of_one.front()->name, "c20");  // the oldest went

    for (int i = 0; i < 4000; ++i) {
        const auto each = url_of("http://h" + std::to_string(i) + ".test/");
        jar.store(*parse_set_cookie("a=1", now), each, now);
    }
    EXPECT_TRUE(jar.matching(url, now).empty());
    EXPECT_EQ(jar.matching(url_of("http://h3999.test/"), now).size(), 1U);
    EXPECT_TRUE(jar.matching(url_of("http://h999.test/"), now).empty());
    EXPECT_EQ(jar.matching(url_of("http://h1000.test/"), now).size(), 1U);
}

TEST(DomainMatches, NeverAddresses) {
    EXPECT_TRUE(domain_matches("a.b", "b"));
    EXPECT_TRUE(domain_matches("a.b", "a.b"));
    EXPECT_FALSE(domain_matches("b", "a.b"));
    EXPECT_FALSE(domain_matches("ab", "b"));
    EXPECT_FALSE(domain_matches("10.0.0.1", "0.0.1"));
}

}  // namespace
}  // namespace weir::http

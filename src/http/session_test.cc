#include "http/session.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "http/header_names.h"
#include "http/testing/scripted.h"

namespace weir::http {
namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

std::string redirect_to(std::string_view location, int status = 302) {
    return "HTTP/1.1 " + std::to_string(status) +
           " Found\r\nContent-Length: 0\r\nLocation: " + std::string(location) + "\r\n\r\n";
}

Request request_for(std::string_view url, std::string_view method = "GET") {
    Request request;
    request.method = method;
    request.url = std::make_shared<const base::Url>(base::parse_url(url).value());
    return request;
}

class SessionTest : public ::testing::Test {
protected:
    testing::SimWorld world;
    ClientSettings client_settings;
    Client client{world.loop, world.dialer, client_settings};
    CookieJar jar;
    FetchSettings settings{.jar = &jar};

    std::vector<Hop> fetch_all(Request request) {
        std::vector<Hop> hops;
        world.run([&] { hops = fetch(client, std::move(request), settings); });
        return hops;
    }
    static std::string_view header(const Hop& hop, std::string_view name) {
        const Header* const found = find_header(hop.request.headers, name);
        return found == nullptr ? std::string_view("-") : std::string_view(found->value);
    }
};

// ----------------------------------------------------------------- redirects

TEST_F(SessionTest, FollowsToTheEndAndKeepsEachHop) {
    world.dialer.expect_answers({redirect_to("/b?x#y"), redirect_to("c"), ok});
    const auto hops = fetch_all(request_for("http://shop.test/a"));
    ASSERT_EQ(hops.size(), 3U);
    EXPECT_EQ(hops[0].exchange.status, 302);
    EXPECT_EQ(hops[1].request.url->href, "http://shop.test/b?x#y");
    EXPECT_EQ(hops[2].request.url->href, "http://shop.test/c");
    EXPECT_EQ(hops[2].exchange.body, "hi");
    EXPECT_EQ(hops[2].exchange.outcome, Outcome::answered);
    EXPECT_LE(hops[0].exchange.end, hops[1].exchange.start);
}

TEST_F(SessionTest, ReturnsTheLastRedirectWhenThereAreTooMany) {
    settings.redirects_max = 2;
    world.dialer.expect_answers({redirect_to("/1"), redirect_to("/2"), redirect_to("/3")});
    const auto hops = fetch_all(request_for("http://shop.test/"));
    ASSERT_EQ(hops.size(), 3U);
    EXPECT_EQ(hops.back().exchange.outcome, Outcome::too_many_redirects);
    EXPECT_TRUE(hops.back().exchange.answered());
    EXPECT_EQ(hops.back().exchange.status, 302);
}

TEST_F(SessionTest, ReturnsTheFirstRedirectWhenNoneIsWanted) {
    settings.redirects_max = 0;
    world.dialer.expect_answers({redirect_to("/1")});
    const auto hops = fetch_all(request_for("http://shop.test/"));
    ASSERT_EQ(hops.size(), 1U);
    EXPECT_EQ(hops[0].exchange.outcome, Outcome::answered);
    EXPECT_EQ(hops[0].exchange.status, 302);
}

TEST_F(SessionTest, A3xxWithoutLocationIsTheAnswer) {
    world.dialer.expect_answers({"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
                                 redirect_to("/x", 304), redirect_to("/x", 300)});
    EXPECT_EQ(fetch_all(request_for("http://shop.test/")).size(), 1U);
    EXPECT_EQ(fetch_all(request_for("http://shop.test/")).size(), 1U);
    EXPECT_EQ(fetch_all(request_for("http://shop.test/")).size(), 1U);
}

TEST_F(SessionTest, ALocationThatIsNoUrlIsAFailure) {
    world.dialer.expect_answers({redirect_to("http://:bad:port/")});
    const auto hops = fetch_all(request_for("http://shop.test/"));
    ASSERT_EQ(hops.size(), 1U);
    EXPECT_EQ(hops[0].exchange.outcome, Outcome::not_http);
    EXPECT_NE(hops[0].exchange.failure.text.find("redirect"), std::string::npos);
}

TEST_F(SessionTest, ALocationOfAnotherSchemeIsAFailure) {
    world.dialer.expect_answers({redirect_to("mailto:someone@shop.test")});
    const auto hops = fetch_all(request_for("http://shop.test/"));
    ASSERT_EQ(hops.size(), 2U);
    EXPECT_EQ(hops[1].exchange.outcome, Outcome::connection_failed);
    EXPECT_NE(hops[1].exchange.failure.text.find("mailto"), std::string::npos);
}

struct MethodRule {
    int status;
    std::string_view method;
    std::string_view next;
    bool keeps_body;
};
class Methods : public SessionTest, public ::testing::WithParamInterface<MethodRule> {};

TEST_P(Methods, ChangeAsInGo) {
    const auto& rule = GetParam();
    world.dialer.expect_answers({redirect_to("/next", rule.status), ok});
    Request request = request_for("http://shop.test/", rule.method);
    request.body = "body";
    request.has_body = true;
    request.headers = {{"Content-Type", "text/plain"}, {"X-Own", "1"}};
    const auto hops = fetch_all(std::move(request));
    ASSERT_EQ(hops.size(), 2U);
    EXPECT_EQ(hops[1].request.method, rule.next);
    EXPECT_EQ(hops[1].request.body, rule.keeps_body ? "body" : "");
    EXPECT_EQ(hops[1].request.has_body, rule.keeps_body);
    EXPECT_EQ(header(hops[1], "Content-Type"), rule.keeps_body ? "text/plain" : "-");
    EXPECT_EQ(header(hops[1], "X-Own"), "1");
}

INSTANTIATE_TEST_SUITE_P(Rules,
                         Methods,
                         ::testing::Values(MethodRule{301, "POST", "GET", false},
                                           MethodRule{302, "POST", "GET", false},
                                           MethodRule{303, "PUT", "GET", false},
                                           MethodRule{302, "DELETE", "GET", false},
                                           MethodRule{301, "HEAD", "HEAD", false},
                                           MethodRule{303, "GET", "GET", false},
                                           MethodRule{307, "POST", "POST", true},
                                           MethodRule{308, "PUT", "PUT", true}));

TEST_F(SessionTest, SecretsStayWithTheirSite) {
    world.dialer.expect_answers({redirect_to("http://www.shop.test/")});
    world.dialer.expect_answers({redirect_to("http://other.test/")});
    world.dialer.expect_answers({redirect_to("http://shop.test/back")});
    world.dialer.expect_answers({ok});
    client_settings.reuse_connections = false;
    settings.cookies = {{"own", "1"}};
    Request request = request_for("http://shop.test/");
    request.headers = {{"Authorization", "Bearer x"}, {"Cookie", "a=1"}, {"X-Own", "1"}};
    const auto hops = fetch_all(std::move(request));
    ASSERT_EQ(hops.size(), 4U);
    EXPECT_EQ(header(hops[1], "Authorization"), "Bearer x");  // below the first host
    EXPECT_EQ(header(hops[1], "Cookie"), "a=1; own=1");
    for (const std::size_t i : {2U, 3U}) {  // once left, for good
        EXPECT_EQ(header(hops[i], "Authorization"), "-");
        EXPECT_EQ(header(hops[i], "Cookie"), "-");
        EXPECT_EQ(header(hops[i], "X-Own"), "1");
    }
}

TEST_F(SessionTest, EachHopNamesTheOneBefore) {
    world.dialer.expect_answers({redirect_to("/b?c"), redirect_to("/d"), ok});
    const auto hops = fetch_all(request_for("http://u:p@shop.test/a#f"));
    EXPECT_EQ(header(hops[0], "Referer"), "-");
    EXPECT_EQ(header(hops[1], "Referer"), "http://shop.test/a");
    EXPECT_EQ(header(hops[2], "Referer"), "http://shop.test/b?c");
}

TEST_F(SessionTest, TheScriptsOwnRefererStays) {
    world.dialer.expect_answers({redirect_to("/b"), ok});
    Request request = request_for("http://shop.test/a");
    request.headers = {{"referer", "http://start.test/"}};
    EXPECT_EQ(header(fetch_all(std::move(request))[1], "Referer"), "http://start.test/");
}

TEST_F(SessionTest, NamesNoSecurePageToAnInsecureOne) {
    world.dialer.expect_answers({redirect_to("/b"), redirect_to("http://shop.test/c")});
    world.dialer.expect_answers({ok});
    const auto hops = fetch_all(request_for("https://shop.test/a"));
    EXPECT_EQ(header(hops[1], "Referer"), "https://shop.test/a");
    EXPECT_EQ(header(hops[2], "Referer"), "-");
}

TEST_F(SessionTest, AHostOfTheScriptsOwnLastsForRelativeLocations) {
    world.dialer.expect_answers({redirect_to("/b"), redirect_to("http://shop.test/c"), ok});
    Request request = request_for("http://shop.test/a");
    request.headers = {{"Host", "virtual.test"}};
    const auto hops = fetch_all(std::move(request));
    EXPECT_EQ(header(hops[1], "Host"), "virtual.test");
    EXPECT_EQ(header(hops[2], "Host"), "-");
}

// ------------------------------------------------------------------- cookies

TEST_F(SessionTest, CookiesOfEachHopAreKeptAndSent) {
    world.dialer.expect_answers(
        {"HTTP/1.1 302 Found\r\nSet-Cookie: sid=1; Path=/\r\nSet-Cookie: b=2\r\nContent-Length: "
         "0\r\n"
         "Location: /home\r\n\r\n",
         "HTTP/1.1 200 OK\r\nSet-Cookie: b=; Max-Age=0\r\nContent-Length: 0\r\n\r\n", ok});
    const auto hops = fetch_all(request_for("http://shop.test/"));
    EXPECT_EQ(header(hops[0], "Cookie"), "-");
    EXPECT_EQ(header(hops[1], "Cookie"), "sid=1; b=2");
    EXPECT_EQ(header(fetch_all(request_for("http://shop.test/"))[0], "Cookie"), "sid=1");
}

TEST_F(SessionTest, TheRequestsOwnCookiesComeFirst) {
    const auto url = base::parse_url("http://shop.test/").value();
    jar.store(*parse_set_cookie("a=jar", {}), url, {});
    settings.cookies = {{"b", "own"}, {"c", "3"}};
    world.dialer.expect_answers({redirect_to("/next"), ok});
    Request request = request_for("http://shop.test/");
    request.headers = {{"cookie", "z=header"}};
    const auto hops = fetch_all(std::move(request));
    EXPECT_EQ(header(hops[0], "Cookie"), "z=header; b=own; c=3; a=jar");
    EXPECT_EQ(header(hops[1], "Cookie"), "z=header; b=own; c=3; a=jar");  // not twice
}

TEST_F(SessionTest, WithoutAJarNothingIsKept) {
    settings.jar = nullptr;
    world.dialer.expect_answers(
        {"HTTP/1.1 302 Found\r\nSet-Cookie: sid=1\r\nContent-Length: 0\r\nLocation: /b\r\n\r\n",
         ok});
    EXPECT_EQ(header(fetch_all(request_for("http://shop.test/"))[1], "Cookie"), "-");
}

// -------------------------------------------------------------- before_hop

TEST_F(SessionTest, EachHopIsAskedForAndCanBeChanged) {
    world.dialer.expect_answers({redirect_to("/b"), ok});
    std::vector<std::string> asked;
    settings.before_hop = [&asked](Request& hop) {
        asked.push_back(hop.url->path);
        hop.headers.push_back({"X-Mark", std::to_string(asked.size())});
        return true;
    };
    const auto hops = fetch_all(request_for("http://shop.test/a"));
    EXPECT_EQ(asked, (std::vector<std::string>{"/a", "/b"}));
    EXPECT_EQ(header(hops[0], "X-Mark"), "1");
}

TEST_F(SessionTest, ARefusedHopIsNotSent) {
    const auto script = world.dialer.expect_answers({redirect_to("/delete", 307), ok});
    settings.before_hop = [](const Request& hop) { return hop.url->path != "/delete"; };
    const auto hops = fetch_all(request_for("http://shop.test/a"));
    ASSERT_EQ(hops.size(), 2U);
    EXPECT_EQ(hops[1].request.url->path, "/delete");
    EXPECT_FALSE(hops[1].exchange.answered());
    EXPECT_EQ(hops[1].exchange.bytes_sent, 0U);
    EXPECT_EQ(script->writes.size(), 1U);
}

// ------------------------------------------------------------ authentication

const std::string challenge =
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n"
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nContent-Length: 0\r\n\r\n";

TEST_F(SessionTest, CredentialsInTheUrlAreBasic) {
    world.dialer.expect_answers({ok, ok});
    EXPECT_EQ(
        header(fetch_all(request_for("http://us%40er:pa%3Ass@shop.test/"))[0], "Authorization"),
        "Basic dXNAZXI6cGE6c3M=");
    Request own = request_for("http://user:pass@shop.test/");
    own.headers = {{"Authorization", "Bearer x"}};
    EXPECT_EQ(header(fetch_all(std::move(own))[0], "Authorization"), "Bearer x");
}

TEST_F(SessionTest, DigestAnswersTheChallenge) {
    settings.auth = Auth::digest;
    world.dialer.expect_answers({challenge, ok});
    Request request = request_for("http://user:pass@shop.test/a?b", "POST");
    request.body = "body";
    request.has_body = true;
    const auto hops = fetch_all(std::move(request));
    ASSERT_EQ(hops.size(), 2U);
    EXPECT_TRUE(hops[0].challenge);
    EXPECT_EQ(header(hops[0], "Authorization"), "-");
    const std::string answer(header(hops[1], "Authorization"));
    EXPECT_TRUE(
        answer.starts_with("Digest username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/a?b\""))
        << answer;
    EXPECT_EQ(hops[1].request.body, "body");
    EXPECT_FALSE(hops[1].challenge);
}

TEST_F(SessionTest, DigestTriesOnlyOnce) {
    settings.auth = Auth::digest;
    world.dialer.expect_answers({challenge, challenge, challenge});
    const auto hops = fetch_all(request_for("http://user:wrong@shop.test/"));
    ASSERT_EQ(hops.size(), 2U);
    EXPECT_EQ(hops[1].exchange.status, 401);
    EXPECT_FALSE(hops[1].challenge);
    EXPECT_EQ(fetch_all(request_for("http://shop.test/")).size(), 1U);  // nothing to answer with
}

TEST_F(SessionTest, DigestAnswersAgainAfterARedirect) {
    settings.auth = Auth::digest;
    world.dialer.expect_answers({challenge, redirect_to("/next"), challenge, ok});
    const auto hops = fetch_all(request_for("http://user:pass@shop.test/"));
    ASSERT_EQ(hops.size(), 4U);
    EXPECT_EQ(header(hops[2], "Authorization"), "-");
    EXPECT_NE(header(hops[3], "Authorization").find("uri=\"/next\""), std::string_view::npos);
    EXPECT_EQ(hops[3].exchange.status, 200);
}

TEST_F(SessionTest, NtlmSaysThatItIsNotSupported) {
    settings.auth = Auth::ntlm;
    const auto hops = fetch_all(request_for("http://user:pass@shop.test/"));
    ASSERT_EQ(hops.size(), 1U);
    EXPECT_EQ(hops[0].exchange.outcome, Outcome::connection_failed);
    EXPECT_NE(hops[0].exchange.failure.text.find("NTLM"), std::string::npos);
    EXPECT_TRUE(world.dialer.targets.empty());
}

TEST_F(SessionTest, BodiesAreDecodedUnlessNotWanted) {
    const std::string answer = std::string(
                                   "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n"
                                   "Content-Length: 10\r\n\r\n") +
                               std::string("\x78\x9c\xcb\xc8\x04\x00\x01\x3b\x00\xd2", 10);
    world.dialer.expect_answers({answer, answer});
    EXPECT_EQ(fetch_all(request_for("http://shop.test/"))[0].exchange.body, "hi");
    settings.decompress = false;
    EXPECT_EQ(fetch_all(request_for("http://shop.test/"))[0].exchange.body.size(), 10U);
}

}  // namespace
}  // namespace weir::http

#include "http/proxy_settings.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

using Variables = std::map<std::string, std::string>;

base::Result<ProxySettings> settings_of(const Variables& variables) {
    return proxies_from([&variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

std::string proxy_of(const Variables& variables, std::string_view url) {
    const auto settings = settings_of(variables);
    if (!settings.ok()) return settings.error().text;
    const auto proxy = proxy_for(settings.value(), base::parse_url(url).value());
    return proxy == nullptr ? "direct" : proxy->href;
}

TEST(ProxySettings, GoByScheme) {
    const Variables both{{"HTTP_PROXY", "http://one:1"}, {"HTTPS_PROXY", "socks5://two:2"}};
    EXPECT_EQ(proxy_of(both, "http://shop.test/"), "http://one:1/");
    EXPECT_EQ(proxy_of(both, "https://shop.test/"), "socks5://two:2");
    EXPECT_EQ(proxy_of({{"HTTP_PROXY", "http://one:1"}}, "https://shop.test/"), "direct");
    EXPECT_EQ(proxy_of({}, "http://shop.test/"), "direct");
}

TEST(ProxySettings, UpperCaseWinsAndEmptyIsAbsent) {
    EXPECT_EQ(proxy_of({{"http_proxy", "http://low:1"}}, "http://shop.test/"), "http://low:1/");
    EXPECT_EQ(proxy_of({{"http_proxy", "http://low:1"}, {"HTTP_PROXY", "http://up:1"}},
                       "http://shop.test/"),
              "http://up:1/");
    EXPECT_EQ(proxy_of({{"http_proxy", "http://low:1"}, {"HTTP_PROXY", ""}}, "http://shop.test/"),
              "http://low:1/");
}

TEST(ProxySettings, NeedNoScheme) {
    EXPECT_EQ(proxy_of({{"HTTP_PROXY", "proxy:3128"}}, "http://shop.test/"), "http://proxy:3128/");
    EXPECT_EQ(proxy_of({{"HTTP_PROXY", "u:p@proxy"}}, "http://shop.test/"), "http://u:p@proxy/");
}

TEST(ProxySettings, SayWhichVariableIsWrong) {
    EXPECT_NE(proxy_of({{"HTTP_PROXY", "http://"}}, "http://a/").find("HTTP_PROXY"),
              std::string::npos);
    EXPECT_NE(proxy_of({{"HTTPS_PROXY", "ftp://a/"}}, "http://a/").find("HTTPS_PROXY"),
              std::string::npos);
}

TEST(ProxySettings, TrustNoHttpProxyUnderCgi) {
    const Variables cgi{{"HTTP_PROXY", "http://evil:1"},
                        {"HTTPS_PROXY", "http://two:2"},
                        {"REQUEST_METHOD", "GET"}};
    EXPECT_EQ(proxy_of(cgi, "http://shop.test/"), "direct");
    EXPECT_EQ(proxy_of(cgi, "https://shop.test/"), "http://two:2/");
}

TEST(ProxySettings, NeverProxyOurselves) {
    const Variables all{{"HTTP_PROXY", "http://proxy:1"}};
    for (const auto* const url :
         {"http://localhost/", "http://127.0.0.1:8080/", "http://127.9.9.9/", "http://[::1]/"}) {
        EXPECT_EQ(proxy_of(all, url), "direct") << url;
    }
    EXPECT_EQ(proxy_of(all, "http://128.0.0.1/"), "http://proxy:1/");
    EXPECT_EQ(proxy_of(all, "http://localhost.test/"), "http://proxy:1/");
}

struct Rule {
    const char* none;
    const char* url;
    bool direct;
};

class NoProxy : public ::testing::TestWithParam<Rule> {};

TEST_P(NoProxy, ReadsRulesAsGoDoes) {
    const auto [none, url, direct] = GetParam();
    const Variables variables{{"HTTP_PROXY", "http://proxy:1"}, {"NO_PROXY", none}};
    EXPECT_EQ(proxy_of(variables, url), direct ? "direct" : "http://proxy:1/")
        << none << " " << url;
}

INSTANTIATE_TEST_SUITE_P(Rules,
                         NoProxy,
                         ::testing::Values(Rule{"*", "http://shop.test/", true},
                                           Rule{"shop.test", "http://shop.test/", true},
                                           Rule{"shop.test", "http://www.shop.test/", true},
                                           Rule{"shop.test", "http://myshop.test/", false},
                                           Rule{"SHOP.test", "http://shop.TEST/", true},
                                           Rule{".shop.test", "http://www.shop.test/", true},
                                           Rule{".shop.test", "http://shop.test/", false},
                                           Rule{"*.shop.test", "http://www.shop.test/", true},
                                           Rule{"*.shop.test", "http://shop.test/", false},
                                           Rule{"a.test, shop.test ,", "http://shop.test/", true},
                                           Rule{"shop.test:80", "http://shop.test/", true},
                                           Rule{"shop.test:81", "http://shop.test/", false},
                                           Rule{"shop.test:81", "http://www.shop.test:81/", true},
                                           Rule{"shop.test:x", "http://shop.test/", false},
                                           Rule{"10.0.0.0/8", "http://10.1.2.3/", true},
                                           Rule{"10.0.0.0/8", "http://11.1.2.3/", false},
                                           Rule{"10.0.0.0/8", "http://shop.test/", false},
                                           Rule{"10.0.0.0/99", "http://10.1.2.3/", false},
                                           Rule{"fe80::/10", "http://[fe80::1]/", true},
                                           Rule{"10.1.2.3", "http://10.1.2.3/", true},
                                           Rule{"10.1.2.3:80", "http://10.1.2.3/", true},
                                           Rule{"10.1.2.3:81", "http://10.1.2.3/", false},
                                           Rule{"fe80::1", "http://[fe80::1]/", true},
                                           Rule{"[fe80::1]:80", "http://[fe80::1]/", true},
                                           Rule{"[fe80::1]:81", "http://[fe80::1]/", false},
                                           Rule{":80", "http://shop.test/", false}));

}  // namespace
}  // namespace weir::http

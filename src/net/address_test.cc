#include "net/address.h"

#include <gtest/gtest.h>

#include "net/host_rules.h"

namespace weir::net {
namespace {

IpAddress ip(std::string_view text) {
    return IpAddress::parse(text).value();
}

TEST(IpAddress, ReadsLiteralsAndNothingElse) {
    EXPECT_EQ(ip("127.0.0.1").text(), "127.0.0.1");
    EXPECT_EQ(ip("2001:DB8::0:1").text(), "2001:db8::1");
    for (const char* bad :
         {"", "localhost", "127.1", "1.2.3.4.5", "[::1]", "1.2.3.4 ", "256.1.1.1"}) {
        EXPECT_FALSE(IpAddress::parse(bad).has_value()) << bad;
    }
}

TEST(IpAddress, AMappedAddressIsTheIpv4Address) {
    EXPECT_EQ(ip("::ffff:10.0.0.1"), ip("10.0.0.1"));
    EXPECT_TRUE(IpBlock::parse("10.0.0.0/8")->contains(ip("::ffff:10.0.0.1")));
}

TEST(Endpoint, ReadsAddressesWithAndWithoutPort) {
    EXPECT_EQ(Endpoint::parse("10.0.0.1")->text(), "10.0.0.1:0");
    EXPECT_EQ(Endpoint::parse("10.0.0.1:80")->text(), "10.0.0.1:80");
    EXPECT_EQ(Endpoint::parse("[::1]:443")->text(), "[::1]:443");
    EXPECT_EQ(Endpoint::parse("::1")->text(), "[::1]:0");
    for (const char* bad : {"", "name:80", "10.0.0.1:", "10.0.0.1:65536", "10.0.0.1:-1", "[::1]"}) {
        EXPECT_FALSE(Endpoint::parse(bad).has_value()) << bad;
    }
}

TEST(Endpoint, SurvivesTheSocketAddress) {
    for (const char* text : {"10.0.0.1:80", "[2001:db8::1]:443"}) {
        sockaddr_storage storage{};
        const Endpoint endpoint = Endpoint::parse(text).value();
        EXPECT_GT(endpoint.to_socket(storage), 0U);
        EXPECT_EQ(Endpoint::from_socket(storage)->text(), text);
    }
}

TEST(IpBlock, ContainsWhatItsBitsSay) {
    const IpBlock block = IpBlock::parse("10.1.128.0/17").value();
    EXPECT_TRUE(block.contains(ip("10.1.128.0")));
    EXPECT_TRUE(block.contains(ip("10.1.255.255")));
    EXPECT_FALSE(block.contains(ip("10.1.127.255")));
    EXPECT_FALSE(block.contains(ip("::1")));
    EXPECT_TRUE(IpBlock::parse("0.0.0.0/0")->contains(ip("8.8.8.8")));
    EXPECT_FALSE(IpBlock::parse("8.8.8.8")->contains(ip("8.8.8.9")));
    EXPECT_TRUE(IpBlock::parse("fe80::/10")->contains(ip("febf::1")));
    for (const char* bad : {"10.0.0.0/33", "10.0.0.0/", "x/8", "10.0.0.0/-1"}) {
        EXPECT_FALSE(IpBlock::parse(bad).has_value()) << bad;
    }
}

TEST(HostPattern, AStarStandsForAnyBeginning) {
    const auto pattern = HostPattern::parse("*.Example.com").value();
    EXPECT_TRUE(pattern.matches("a.example.com"));
    EXPECT_TRUE(pattern.matches("a.b.EXAMPLE.com"));
    EXPECT_FALSE(pattern.matches("example.com"));
    EXPECT_FALSE(pattern.matches("a.example.com.evil"));
    EXPECT_TRUE(HostPattern::parse("*").value().matches("anything"));
    EXPECT_FALSE(HostPattern::parse("a.*.com").ok());
    EXPECT_FALSE(HostPattern::parse("").ok());
}

TEST(HostRules, SendsNamesElsewhereByTheMostExactRule) {
    const auto rules = HostRules::make({.hosts = {{"*.test", "10.0.0.1"},
                                                  {"*.b.test", "10.0.0.2"},
                                                  {"a.test", "10.0.0.3:81"},
                                                  {"a.test:443", "10.0.0.4:8443"},
                                                  {"*.test:9", "[::1]:10"}}});
    ASSERT_TRUE(rules.ok());
    const auto where = [&](std::string_view host, std::uint16_t port) {
        const auto found = rules.value().override_for(host, port);
        return found ? found->text() : "as it is";
    };
    EXPECT_EQ(where("x.test", 80), "10.0.0.1:80");
    EXPECT_EQ(where("x.test", 9), "[::1]:10");
    EXPECT_EQ(where("x.b.test", 80), "10.0.0.2:80");
    EXPECT_EQ(where("A.test", 80), "10.0.0.3:81");
    EXPECT_EQ(where("a.test", 443), "10.0.0.4:8443");
    EXPECT_EQ(where("test", 80), "as it is");
}

TEST(HostRules, BlocksNamesAndAddresses) {
    const auto rules = HostRules::make(
        {.blocked_names = {"*.internal", "one.test"}, .blocked_ips = {"10.0.0.0/8", "::1"}});
    ASSERT_TRUE(rules.ok());
    EXPECT_TRUE(rules.value().blocks_name("db.internal"));
    EXPECT_TRUE(rules.value().blocks_name("ONE.test"));
    EXPECT_FALSE(rules.value().blocks_name("two.test"));
    EXPECT_TRUE(rules.value().blocks_ip(ip("10.9.8.7")));
    EXPECT_TRUE(rules.value().blocks_ip(ip("::1")));
    EXPECT_FALSE(rules.value().blocks_ip(ip("11.0.0.1")));
}

TEST(HostRules, NamesTheEntryThatCannotBeRead) {
    const auto bad_target = HostRules::make({.hosts = {{"a.test", "elsewhere"}}});
    ASSERT_FALSE(bad_target.ok());
    EXPECT_NE(bad_target.error().text.find("'elsewhere'"), std::string::npos);
    const auto bad_block = HostRules::make({.blocked_ips = {"10.0.0.0/99"}});
    ASSERT_FALSE(bad_block.ok());
    EXPECT_NE(bad_block.error().text.find("10.0.0.0/99"), std::string::npos);
    EXPECT_FALSE(HostRules::make({.blocked_names = {"a*b"}}).ok());
}

}  // namespace
}  // namespace weir::net

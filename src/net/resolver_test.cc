#include "net/resolver.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/dns_server.h"
#include "net/testing/loopback.h"

namespace weir::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

struct ResolverTest : ::testing::Test {
    ResolverTest() { std::ofstream(hosts_file) << hosts_text; }
    ~ResolverTest() override { std::filesystem::remove(hosts_file); }

    DnsSettings settings() const {
        DnsSettings made;
        made.servers = "127.0.0.1:" + std::to_string(dns.port());
        made.hosts_file = hosts_file;
        made.select = AddressSelect::first;
        made.try_timeout = milliseconds(20);
        return made;
    }
    void make(const DnsSettings& with) {
        auto made = Resolver::make(net.loop, with);
        ASSERT_TRUE(made.ok()) << made.error().text;
        resolver = std::move(made).value();
    }
    std::vector<std::string> lookup(std::string_view name) {
        const auto found = resolver->lookup(name, net.in(seconds(10)));
        if (const auto* const failure = std::get_if<Failure>(&found)) return {failure->text};
        std::vector<std::string> texts;
        for (const auto& ip : std::get<0>(found)) texts.push_back(ip.text());
        return texts;
    }
    Failure failure(std::string_view name, base::Nanos patience = seconds(10)) {
        const auto found = resolver->lookup(name, net.in(patience));
        return found.index() == 1 ? std::get<Failure>(found) : Failure{};
    }

    std::string hosts_file = ::testing::TempDir() + "weir_hosts_" + std::to_string(getpid());
    std::string_view hosts_text =
        "# a comment\n10.1.1.1 listed.test alias.test # more\n::1 listed.test\nnonsense x.test\n";
    std::unique_ptr<Resolver> resolver;
    testing::Loopback net;
    testing::DnsServer dns{net};
};

TEST_F(ResolverTest, AsksForANameAndRemembersTheAnswer) {
    dns.addresses["a.test."] = {"10.0.0.1"};
    make(settings());
    net.run([&] {
        EXPECT_THAT(lookup("a.test"), ElementsAre("10.0.0.1"));
        EXPECT_THAT(lookup("a.test"), ElementsAre("10.0.0.1"));
    });
    EXPECT_EQ(dns.asked("a.test."), 1);
    resolver.reset();
}

TEST_F(ResolverTest, LiteralsAndTheHostsFileAskNobody) {
    make(settings());
    net.run([&] {
        EXPECT_THAT(lookup("192.0.2.1"), ElementsAre("192.0.2.1"));
        EXPECT_THAT(lookup("2001:db8::1"), ElementsAre("2001:db8::1"));
        EXPECT_THAT(lookup("listed.test"), ElementsAre("10.1.1.1"));
        EXPECT_THAT(lookup("alias.test"), ElementsAre("10.1.1.1"));
        EXPECT_THAT(lookup("localhost"), ElementsAre("127.0.0.1"));
    });
    EXPECT_EQ(dns.queries, 0);
    resolver.reset();
}

TEST_F(ResolverTest, AnUnknownNameIsNotFoundAndAskedForAgain) {
    make(settings());
    net.run([&] {
        const Failure first = failure("nowhere.test");
        EXPECT_EQ(first.fault, Fault::dns_not_found);
        EXPECT_EQ(first.text, "looking up nowhere.test: Domain name not found");
        dns.addresses["nowhere.test."] = {"10.0.0.9"};
        EXPECT_THAT(lookup("nowhere.test"), ElementsAre("10.0.0.9"));
    });
    resolver.reset();
}

TEST_F(ResolverTest, AServerFailureIsNotAMissingName) {
    dns.broken = true;
    make(settings());
    net.run([&] { EXPECT_EQ(failure("a.test").fault, Fault::dns_failed); });
    resolver.reset();
}

TEST_F(ResolverTest, ASilentServerIsGivenUpAtTheDeadline) {
    dns.silent = true;
    DnsSettings patient = settings();
    patient.try_timeout = seconds(30);
    make(patient);
    net.run([&] {
        const Failure late = failure("a.test", milliseconds(10));
        EXPECT_EQ(late.fault, Fault::dns_failed);
        EXPECT_THAT(late.text, HasSubstr("no answer in time"));
    });
    resolver.reset();
}

TEST_F(ResolverTest, ALostAnswerIsAskedForAgain) {
    dns.addresses["a.test."] = {"10.0.0.1"};
    dns.ignore = 1;
    make(settings());
    net.run([&] { EXPECT_THAT(lookup("a.test"), ElementsAre("10.0.0.1")); });
    EXPECT_EQ(dns.asked("a.test."), 2);
    resolver.reset();
}

TEST_F(ResolverTest, CallersAtTheSameTimeShareOneQuestion) {
    dns.addresses["a.test."] = {"10.0.0.1"};
    make(settings());
    int answered = 0;
    for (int i = 0; i < 20; ++i) {
        net.spawn([&] {
            EXPECT_THAT(lookup("a.test"), ElementsAre("10.0.0.1"));
            if (++answered == 20) net.loop.stop();
        });
    }
    net.loop.run();
    EXPECT_EQ(answered, 20);
    EXPECT_EQ(dns.asked("a.test."), 1);
    resolver.reset();
}

TEST_F(ResolverTest, OneOfSeveralCallersMayGiveUp) {
    dns.addresses["a.test."] = {"10.0.0.1"};
    dns.hold = true;
    make(settings());
    Fault fault = Fault::none;
    rt::Fiber& impatient = net.spawn([&] { fault = failure("a.test").fault; });
    std::vector<std::string> patient;
    net.spawn([&] {
        patient = lookup("a.test");
        net.loop.stop();
    });
    net.spawn([&] {
        while (dns.queries == 0) {
            if (!rt::sleep_until(net.loop, net.in(milliseconds(1)))) return;
        }
        impatient.cancel();
        dns.release();
    });
    net.loop.run();
    EXPECT_EQ(fault, Fault::cancelled);
    EXPECT_THAT(patient, ElementsAre("10.0.0.1"));
    resolver.reset();
}

TEST_F(ResolverTest, TtlZeroAsksEachTimeAndAShortOneExpires) {
    dns.addresses["a.test."] = {"10.0.0.1"};
    for (const base::Nanos ttl : {base::Nanos::zero(), base::Nanos(1)}) {
        dns.queries = 0;
        DnsSettings with = settings();
        with.ttl = ttl;
        with.policy = AddressPolicy::only_ipv4;
        make(with);
        net.run([&] {
            EXPECT_THAT(lookup("a.test"), ElementsAre("10.0.0.1"));
            ASSERT_TRUE(rt::sleep_until(net.loop, net.in(milliseconds(1))));
            EXPECT_THAT(lookup("a.test"), ElementsAre("10.0.0.1"));
        });
        EXPECT_EQ(dns.queries, 2);
        resolver.reset();
    }
}

TEST_F(ResolverTest, SelectSaysWhichAddressComesFirst) {
    dns.addresses["a.test."] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};
    std::map<AddressSelect, std::set<std::string>> firsts;
    for (const auto select :
         {AddressSelect::first, AddressSelect::random, AddressSelect::round_robin}) {
        DnsSettings with = settings();
        with.select = select;
        make(with);
        net.run([&] {
            for (int i = 0; i < 60; ++i) {
                const auto found = lookup("a.test");
                EXPECT_THAT(found, UnorderedElementsAre("10.0.0.1", "10.0.0.2", "10.0.0.3"));
                firsts[select].insert(found[0]);
                if (select == AddressSelect::round_robin && i < 3) {
                    EXPECT_EQ(found[0], dns.addresses["a.test."][static_cast<std::size_t>(i)]);
                }
            }
        });
        resolver.reset();
    }
    EXPECT_EQ(firsts[AddressSelect::first].size(), 1U);
    EXPECT_EQ(firsts[AddressSelect::random].size(), 3U);
    EXPECT_EQ(firsts[AddressSelect::round_robin].size(), 3U);
}

TEST_F(ResolverTest, PolicySaysWhichFamily) {
    dns.addresses["both.test."] = {"10.0.0.1", "2001:db8::1"};
    dns.addresses["old.test."] = {"10.0.0.1"};
    dns.addresses["new.test."] = {"2001:db8::1"};
    const auto found = [&](AddressPolicy policy, std::string_view name) {
        DnsSettings with = settings();
        with.policy = policy;
        make(with);
        std::vector<std::string> texts;
        net.run([&] { texts = lookup(name); });
        resolver.reset();
        return texts;
    };
    EXPECT_THAT(found(AddressPolicy::prefer_ipv4, "both.test"), ElementsAre("10.0.0.1"));
    EXPECT_THAT(found(AddressPolicy::prefer_ipv4, "new.test"), ElementsAre("2001:db8::1"));
    EXPECT_THAT(found(AddressPolicy::prefer_ipv6, "both.test"), ElementsAre("2001:db8::1"));
    EXPECT_THAT(found(AddressPolicy::prefer_ipv6, "old.test"), ElementsAre("10.0.0.1"));
    EXPECT_THAT(found(AddressPolicy::only_ipv4, "new.test"), ElementsAre(HasSubstr("not found")));
    EXPECT_THAT(found(AddressPolicy::only_ipv6, "both.test"), ElementsAre("2001:db8::1"));
    EXPECT_THAT(found(AddressPolicy::any, "both.test"),
                UnorderedElementsAre("10.0.0.1", "2001:db8::1"));
    EXPECT_THAT(found(AddressPolicy::only_ipv6, "listed.test"), ElementsAre("::1"));
}

TEST(DnsOptions, ReadAsInK6) {
    EXPECT_EQ(parse_dns_ttl("5m").value(), std::chrono::minutes(5));
    EXPECT_EQ(parse_dns_ttl("0").value(), base::Nanos::zero());
    EXPECT_EQ(parse_dns_ttl("inf").value(), base::Nanos::max());
    EXPECT_FALSE(parse_dns_ttl("-1s").ok());
    EXPECT_FALSE(parse_dns_ttl("soon").ok());
    EXPECT_EQ(parse_address_select("roundRobin").value(), AddressSelect::round_robin);
    EXPECT_FALSE(parse_address_select("last").ok());
    EXPECT_EQ(parse_address_policy("onlyIPv6").value(), AddressPolicy::only_ipv6);
    EXPECT_FALSE(parse_address_policy("ipv6").ok());
}

TEST(DnsOptions, ServersThatCannotBeReadAreNamed) {
    rt::EpollLoop loop;
    DnsSettings settings;
    settings.servers = "not a server";
    const auto made = Resolver::make(loop, settings);
    ASSERT_FALSE(made.ok());
    EXPECT_THAT(made.error().text, HasSubstr("'not a server'"));
}

}  // namespace
}  // namespace weir::net

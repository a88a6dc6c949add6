#include "net/net_dialer.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/proxy_tunnel.h"
#include "net/testing/dns_server.h"
#include "net/testing/loopback.h"
#include "net/testing/tls_server.h"

namespace weir::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::bytes_of;
using ::testing::HasSubstr;
using testing::Loopback;
using testing::read_head;
using testing::read_text;

struct NetDialerTest : ::testing::Test {
    NetDialerTest() { settings.dns.servers = "127.0.0.1:" + std::to_string(dns.port()); }
    ~NetDialerTest() override {
        last = {};  // it is watched by the loop, which goes first
        dialer.reset();
        std::filesystem::remove(roots_file);
    }

    std::variant<Dialed, Failure> dial(const DialTarget& target) {
        if (!dialer) {
            auto made = NetDialer::make(net.loop, settings);
            EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().text);
            dialer = std::move(made).value();
        }
        return dialer->dial(target, net.in(patience));
    }
    Failure failure(const DialTarget& target) {
        const auto dialed = dial(target);
        return dialed.index() == 1 ? std::get<Failure>(dialed) : Failure{};
    }
    std::string greeting(const DialTarget& target) {
        auto dialed = dial(target);
        if (const auto* const failed = std::get_if<Failure>(&dialed)) return failed->text;
        last = std::move(std::get<Dialed>(dialed));
        return read_text(*last.stream, 100, net.in(seconds(10))).first;
    }
    /// Says hello and closes.
    std::uint16_t greeter() {
        return net.serve([](TcpStream& client, int) {
            static_cast<void>(client.write(bytes_of("hello"), base::never));
        });
    }
    std::uint16_t tls_greeter() {
        return net.serve([this](TcpStream& client, int) {
            testing::TlsServer::Session session(server, client);
            if (session.accept()) static_cast<void>(session.write("hello over tls"));
        });
    }
    void trust_authority() {
        std::ofstream(roots_file) << authority.pem();
        settings.tls.roots_file = roots_file;
    }

    NetSettings settings;
    base::Nanos patience = seconds(10);
    Dialed last;
    std::string roots_file =
        ::testing::TempDir() + "weir_dial_" + std::to_string(getpid()) + ".pem";
    testing::Certificate authority = testing::make_certificate({.names = "", .authority = true});
    testing::Certificate good =
        testing::make_certificate({.names = "DNS:shop.test,DNS:proxy.test", .issuer = &authority});
    testing::TlsServer server{{.certificate = &good}};
    std::unique_ptr<NetDialer> dialer;
    Loopback net;
    testing::DnsServer dns{net};
};

TEST_F(NetDialerTest, LooksUpConnectsAndSaysHowLongEachTook) {
    dns.addresses["shop.test."] = {"127.0.0.1"};
    const auto port = greeter();
    net.run([&] {
        EXPECT_EQ(greeting({.host = "shop.test", .port = port}), "hello");
        EXPECT_GT(last.timings.looking_up, base::Nanos::zero());
        EXPECT_GT(last.timings.connecting, base::Nanos::zero());
        EXPECT_EQ(last.timings.tls_handshaking, base::Nanos::zero());
        EXPECT_EQ(last.stream->peer().ip, "127.0.0.1");
        EXPECT_EQ(greeting({.host = "127.0.0.1", .port = port}), "hello");
        EXPECT_EQ(last.timings.looking_up, base::Nanos::zero());
    });
}

TEST_F(NetDialerTest, ShakesHandsForTlsAndTimesThat) {
    dns.addresses["shop.test."] = {"127.0.0.1"};
    trust_authority();
    const auto port = tls_greeter();
    net.run([&] {
        EXPECT_EQ(greeting({.host = "shop.test", .port = port, .tls = true}), "hello over tls");
        EXPECT_GT(last.timings.tls_handshaking, base::Nanos::zero());
        ASSERT_NE(last.stream->tls(), nullptr);
        EXPECT_EQ(server.seen_name, "shop.test");
    });
}

TEST_F(NetDialerTest, TriesTheNextAddressWhenOneRefuses) {
    dns.addresses["shop.test."] = {"127.0.0.3", "127.0.0.4", "127.0.0.1"};
    settings.dns.select = AddressSelect::first;
    const auto port = greeter();  // listens on 127.0.0.1 only
    net.run([&] { EXPECT_EQ(greeting({.host = "shop.test", .port = port}), "hello"); });
}

TEST_F(NetDialerTest, TellsOfTheFirstAddressWhenAllRefuse) {
    dns.addresses["shop.test."] = {"127.0.0.3", "127.0.0.4"};
    settings.dns.select = AddressSelect::first;
    net.run([&] {
        const Failure refused = failure({.host = "shop.test", .port = Loopback::refusing_port()});
        EXPECT_EQ(refused.fault, Fault::connection_refused);
        EXPECT_THAT(refused.text, HasSubstr("127.0.0.3"));
    });
}

TEST_F(NetDialerTest, PassesOnWhatTheResolverSays) {
    net.run([&] {
        EXPECT_EQ(failure({.host = "nowhere.test", .port = 80}).fault, Fault::dns_not_found);
    });
}

TEST_F(NetDialerTest, BlocksHostsAndAddresses) {
    dns.addresses["shop.test."] = {"127.0.0.1"};
    settings.hosts.blocked_names = {"*.internal"};
    settings.hosts.blocked_ips = {"127.0.0.0/8"};
    net.run([&] {
        const Failure host = failure({.host = "db.internal", .port = 80});
        EXPECT_EQ(host.fault, Fault::blocked_host);
        EXPECT_THAT(host.text, HasSubstr("db.internal"));
        EXPECT_EQ(failure({.host = "shop.test", .port = 80}).fault, Fault::blocked_address);
        EXPECT_EQ(failure({.host = "127.0.0.1", .port = 80}).fault, Fault::blocked_address);
    });
    EXPECT_EQ(dns.asked("db.internal."), 0);
}

TEST_F(NetDialerTest, HostsSendsANameElsewhereButTlsStillExpectsTheName) {
    trust_authority();
    const auto port = tls_greeter();
    settings.hosts.hosts = {{"shop.test", "127.0.0.1:" + std::to_string(port)}};
    net.run([&] {
        EXPECT_EQ(greeting({.host = "shop.test", .port = 443, .tls = true}), "hello over tls");
        EXPECT_EQ(last.stream->peer().port, port);
    });
    EXPECT_EQ(dns.queries, 0);
}

TEST_F(NetDialerTest, TakesLocalAddressesInTurn) {
    settings.local_ips = {"127.0.0.2-127.0.0.3", "127.0.0.8/31"};
    std::vector<std::string> seen;
    const auto port = net.serve([&](TcpStream& client, int) {
        seen.push_back(client.peer().ip);
        static_cast<void>(client.write(bytes_of("."), base::never));
    });
    net.run([&] {
        for (int i = 0; i < 5; ++i) EXPECT_EQ(greeting({.host = "127.0.0.1", .port = port}), ".");
    });
    EXPECT_THAT(seen, ::testing::ElementsAre("127.0.0.2", "127.0.0.3", "127.0.0.8", "127.0.0.9",
                                             "127.0.0.2"));
    dialer.reset();
    for (const char* bad : {"x", "10.0.0.0/8", "127.0.0.9-127.0.0.1", "127.0.0.1-::1"}) {
        settings.local_ips = {bad};
        const auto made = NetDialer::make(net.loop, settings);
        ASSERT_FALSE(made.ok()) << bad;
        EXPECT_THAT(made.error().text, HasSubstr(bad));
    }
}

TEST_F(NetDialerTest, RunningOutOfDescriptorsIsTheGeneratorsFault) {
    const auto port = greeter();
    net.run([&] {
        EXPECT_EQ(greeting({.host = "127.0.0.1", .port = port}), "hello");
        rlimit before{};
        getrlimit(RLIMIT_NOFILE, &before);
        const rlimit none{.rlim_cur = 3, .rlim_max = before.rlim_max};
        setrlimit(RLIMIT_NOFILE, &none);
        const Failure out = failure({.host = "127.0.0.1", .port = port});
        setrlimit(RLIMIT_NOFILE, &before);
        EXPECT_EQ(out.fault, Fault::no_local_resource);
        EXPECT_THAT(out.text, HasSubstr("ulimit -n"));
    });
}

struct ProxyTest : NetDialerTest {
    base::Url proxy(std::uint16_t port,
                    std::string scheme = "http",
                    std::string host = "127.0.0.1") {
        base::Url made;
        made.scheme = std::move(scheme);
        made.host = std::move(host);
        made.port = port;
        made.port_is_default = false;
        return made;
    }
    /// Answers CONNECT with `answer` and, when that is a 200, speaks TLS as the target would.
    void tunnel(Stream& client, std::string_view answer) {
        heard = read_head(client, base::never);
        static_cast<void>(client.write(bytes_of(answer), base::never));
        if (answer.find(" 200 ") == std::string_view::npos) return;
        testing::TlsServer::Session session(server, client);
        if (session.accept()) static_cast<void>(session.write("through the tunnel"));
    }
    std::uint16_t http_proxy(std::string answer) {
        return net.serve([this, answer](TcpStream& client, int) { tunnel(client, answer); });
    }
    std::string heard;
    const std::string yes = "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n";
};

TEST_F(ProxyTest, TlsTargetsGoThroughATunnel) {
    trust_authority();
    const auto port = http_proxy(yes);
    base::Url url = proxy(port);
    url.username = "us%40er";
    url.password = "pa:ss";
    net.run([&] {
        EXPECT_EQ(greeting({.host = "shop.test", .port = 443, .tls = true, .proxy = &url}),
                  "through the tunnel");
    });
    EXPECT_EQ(heard,
              "CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n"
              "Proxy-Authorization: Basic dXNAZXI6cGE6c3M=\r\n\r\n");
    EXPECT_EQ(dns.queries, 0) << "the proxy looks the name up";
}

TEST_F(ProxyTest, PlainTargetsGetTheProxyItself) {
    const auto port = greeter();
    const base::Url url = proxy(port);
    net.run(
        [&] { EXPECT_EQ(greeting({.host = "shop.test", .port = 80, .proxy = &url}), "hello"); });
}

TEST_F(ProxyTest, AnHttpsProxyIsSpokenToOverTlsAndTheTargetWithinThat) {
    trust_authority();
    dns.addresses["proxy.test."] = {"127.0.0.1"};
    // TLS within TLS: the inner session travels as bytes of the outer one.
    struct Inner final : Stream {
        explicit Inner(testing::TlsServer::Session& outer) : session(&outer) {}
        IoResult read(std::span<std::byte> into, base::Instant) override {
            const std::string one = session->read(1);
            if (one.empty()) return {0, Fault::closed};
            into[0] = static_cast<std::byte>(one[0]);
            return {1, Fault::none};
        }
        IoResult write(std::span<const std::byte> from, base::Instant) override {
            const std::string_view text(reinterpret_cast<const char*>(from.data()), from.size());
            return session->write(text) ? IoResult{from.size(), Fault::none}
                                        : IoResult{0, Fault::io};
        }
        bool reusable() override { return true; }
        void close() noexcept override {}
        const PeerAddress& peer() const noexcept override { return address; }
        testing::TlsServer::Session* session;
        PeerAddress address;
    };
    const auto port = net.serve([&](TcpStream& client, int) {
        testing::TlsServer::Session outer(server, client);
        if (!outer.accept()) return;
        Inner inner(outer);
        tunnel(inner, yes);
    });
    const base::Url url = proxy(port, "https", "proxy.test");
    net.run([&] {
        EXPECT_EQ(greeting({.host = "shop.test", .port = 443, .tls = true, .proxy = &url}),
                  "through the tunnel");
    });
}

TEST_F(ProxyTest, ARefusalIsToldWithTheProxysOwnWords) {
    const std::map<std::string, std::string> answers{
        {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407 Proxy Authentication Required"},
        {"HTTP/1.0 502 Bad Gateway\r\n\r\n", "502 Bad Gateway"},
        {"SSH-2.0-OpenSSH\r\n\r\n", "did not answer CONNECT with HTTP"},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(20000, 'x') + "\r\n\r\n", "too many headers"},
        {"", "closed the connection"}};
    for (const auto& [answer, words] : answers) {
        const base::Url url = proxy(http_proxy(answer));
        net.run([&] {
            const Failure refused =
                failure({.host = "shop.test", .port = 443, .tls = true, .proxy = &url});
            EXPECT_EQ(refused.fault, Fault::proxy_refused);
            EXPECT_THAT(refused.text, HasSubstr(words));
        });
    }
}

TEST_F(ProxyTest, AProxyThatCannotBeReachedIsNamed) {
    const base::Url url = proxy(Loopback::refusing_port());
    net.run([&] {
        const Failure refused =
            failure({.host = "shop.test", .port = 443, .tls = true, .proxy = &url});
        EXPECT_EQ(refused.fault, Fault::connection_refused);
        EXPECT_THAT(refused.text, HasSubstr("proxy 127.0.0.1:"));
    });
}

TEST_F(ProxyTest, AProxyThatHangsIsGivenUpAtTheDeadline) {
    const auto port = net.serve(
        [](TcpStream& client, int) { static_cast<void>(read_text(client, 1 << 20, base::never)); });
    const base::Url url = proxy(port);
    patience = milliseconds(10);
    net.run([&] {
        EXPECT_EQ(failure({.host = "shop.test", .port = 443, .tls = true, .proxy = &url}).fault,
                  Fault::timed_out);
    });
}

TEST_F(ProxyTest, SpeaksSocks5WithAndWithoutSigningIn) {
    for (const bool sign_in : {false, true}) {
        heard.clear();
        const auto port = net.serve([&](TcpStream& client, int) {
            const std::string hello = read_text(client, sign_in ? 4 : 3, base::never).first;
            heard += hello + "|";
            const std::string_view choice =
                sign_in ? std::string_view("\x05\x02", 2) : std::string_view("\x05\x00", 2);
            static_cast<void>(client.write(bytes_of(choice), base::never));
            if (sign_in) {
                heard += read_text(client, 11, base::never).first + "|";
                static_cast<void>(
                    client.write(bytes_of(std::string_view("\x01\x00", 2)), base::never));
            }
            heard += read_text(client, 16, base::never).first;
            const std::string_view granted("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50hello", 15);
            static_cast<void>(client.write(bytes_of(granted), base::never));
        });
        base::Url url = proxy(port, "socks5");
        if (sign_in) url.username = "user";
        if (sign_in) url.password = "pass";
        net.run([&] {
            EXPECT_EQ(greeting({.host = "shop.test", .port = 8080, .proxy = &url}), "hello");
        });
        const std::string_view request("\x05\x01\x00\x03\x09shop.test\x1f\x90", 16);
        EXPECT_THAT(heard, HasSubstr(std::string(request)));
        const std::string signed_in("|\x01\x04user\x04pass|", 13);
        EXPECT_EQ(heard.find(signed_in) != std::string::npos, sign_in);
    }
}

TEST_F(ProxyTest, SocksRefusalsAreToldInWords) {
    const auto port = net.serve([&](TcpStream& client, int nth) {
        static_cast<void>(read_text(client, 3, base::never));
        const std::string_view no_way("\x05\xff", 2);
        static_cast<void>(client.write(
            bytes_of(nth == 0 ? no_way : std::string_view("\x05\x00", 2)), base::never));
        static_cast<void>(read_text(client, 16, base::never));
        static_cast<void>(
            client.write(bytes_of(std::string_view("\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00", 10)),
                         base::never));
    });
    const base::Url url = proxy(port, "socks5");
    net.run([&] {
        const DialTarget target{.host = "shop.test", .port = 8080, .proxy = &url};
        EXPECT_THAT(failure(target).text, HasSubstr("another way to sign in"));
        const Failure refused = failure(target);
        EXPECT_EQ(refused.fault, Fault::proxy_refused);
        EXPECT_THAT(refused.text, HasSubstr("connection refused"));
    });
}

}  // namespace
}  // namespace weir::net

#include "net/tls_context.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/loopback.h"
#include "net/testing/tls_server.h"

namespace weir::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::bytes_of;
using testing::Certificate;
using testing::make_certificate;
using testing::read_text;
using testing::TlsServer;
using testing::TlsServerSettings;

const IpAddress home = *IpAddress::parse("127.0.0.1");

struct TlsTest : ::testing::Test {
    ~TlsTest() override { std::filesystem::remove(roots_file); }

    /// Echoes what it hears in pieces of four bytes, over TLS.
    std::uint16_t serve(const TlsServerSettings& settings) {
        servers.push_back(std::make_unique<TlsServer>(settings));
        return net.serve([&server = *servers.back()](TcpStream& client, int) {
            TlsServer::Session session(server, client);
            if (!session.accept()) return;
            while (true) {
                const std::string heard = session.read(4);
                if (heard.size() < 4 || !session.write(heard)) return;
            }
        });
    }
    TlsSettings trusting(const Certificate& root) const {
        std::ofstream(roots_file) << root.pem();
        TlsSettings settings;
        settings.roots_file = roots_file;
        return settings;
    }
    std::variant<std::unique_ptr<Stream>, Failure> open(const TlsSettings& settings,
                                                        std::uint16_t port,
                                                        std::string_view host = "localhost") {
        auto made = TlsContext::make(settings);
        EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().text);
        if (!made.ok()) return Failure{Fault::io, made.error().text};
        context = std::move(made).value();
        return again(port, host);
    }
    std::variant<std::unique_ptr<Stream>, Failure> again(std::uint16_t port,
                                                         std::string_view host) {
        auto tcp = TcpStream::connect(net.loop, {home, port}, std::nullopt, net.in(seconds(10)));
        if (tcp.index() == 1) return std::get<Failure>(tcp);
        return context->secure(std::move(std::get<0>(tcp)), host, net.in(patience));
    }
    Failure refusal(const TlsSettings& settings,
                    std::uint16_t port,
                    std::string_view host = "localhost") {
        const auto opened = open(settings, port, host);
        return opened.index() == 1 ? std::get<Failure>(opened) : Failure{};
    }
    std::string echo(Stream& stream, std::string_view text) {
        EXPECT_EQ(stream.write(bytes_of(text), net.in(seconds(10))).fault, Fault::none);
        return read_text(stream, text.size(), net.in(seconds(10))).first;
    }

    std::unique_ptr<TlsContext> context;
    std::vector<std::unique_ptr<TlsServer>> servers;
    base::Nanos patience = seconds(10);
    std::string roots_file =
        ::testing::TempDir() + "weir_roots_" + std::to_string(getpid()) + ".pem";
    Certificate authority = make_certificate({.names = "", .authority = true});
    Certificate good = make_certificate({.issuer = &authority});
    testing::Loopback net;  // last: its fibers use what is above
};

TEST_F(TlsTest, ATrustedServerIsTalkedToAndItsFactsAreKnown) {
    const auto port = serve({.certificate = &good});
    net.run([&] {
        const auto opened = open(trusting(authority), port);
        ASSERT_EQ(opened.index(), 0U) << std::get<Failure>(opened).text;
        Stream& stream = *std::get<0>(opened);
        EXPECT_EQ(echo(stream, "ping"), "ping");
        ASSERT_NE(stream.tls(), nullptr);
        EXPECT_EQ(stream.tls()->version, "tls1.3");
        EXPECT_EQ(stream.tls()->cipher, "TLS_AES_256_GCM_SHA384");
        EXPECT_EQ(stream.tls()->alpn, "http/1.1");
        EXPECT_FALSE(stream.tls()->resumed);
        EXPECT_EQ(servers[0]->seen_name, "localhost");
        EXPECT_EQ(stream.peer().port, port);
    });
}

TEST_F(TlsTest, ALeafAmongTheRootsIsTrustedItself) {
    const auto port = serve({.certificate = &good});
    net.run([&] { EXPECT_EQ(open(trusting(good), port).index(), 0U); });
}

TEST_F(TlsTest, RootsOfSslCertFileAreTrusted) {
    const auto port = serve({.certificate = &good});
    static_cast<void>(trusting(authority));
    setenv("SSL_CERT_FILE", roots_file.c_str(), 1);
    net.run([&] { EXPECT_EQ(open({}, port).index(), 0U); });
    unsetenv("SSL_CERT_FILE");
}

TEST_F(TlsTest, ASelfSignedServerIsRefused) {
    const Certificate self_signed = make_certificate();
    const auto port = serve({.certificate = &self_signed});
    net.run([&] {
        const Failure failure = refusal({}, port);
        EXPECT_EQ(failure.fault, Fault::tls_untrusted);
        EXPECT_EQ(
            failure.text,
            "TLS handshake with localhost: certificate not accepted: self-signed certificate");
    });
}

TEST_F(TlsTest, AnotherHostsCertificateIsRefused) {
    const Certificate other = make_certificate({.names = "DNS:other.test", .issuer = &authority});
    const auto port = serve({.certificate = &other});
    net.run([&] {
        EXPECT_EQ(refusal(trusting(authority), port).fault, Fault::tls_wrong_host);
        EXPECT_EQ(refusal(trusting(authority), port, "127.0.0.1").fault, Fault::tls_wrong_host);
        EXPECT_EQ(refusal(trusting(authority), port, "other.test").fault, Fault::none);
    });
}

TEST_F(TlsTest, WildcardsCoverOneLabel) {
    const Certificate wild =
        make_certificate({.names = "DNS:*.example.test", .issuer = &authority});
    const auto port = serve({.certificate = &wild});
    net.run([&] {
        EXPECT_EQ(refusal(trusting(authority), port, "a.example.test").fault, Fault::none);
        EXPECT_EQ(refusal(trusting(authority), port, "a.b.example.test").fault,
                  Fault::tls_wrong_host);
    });
}

TEST_F(TlsTest, CertificatesOutsideTheirTimeAreRefused) {
    const Certificate expired =
        make_certificate({.valid_from = -7200, .valid_to = -3600, .issuer = &authority});
    const Certificate early =
        make_certificate({.valid_from = 3600, .valid_to = 7200, .issuer = &authority});
    for (const Certificate* const bad : {&expired, &early}) {
        const auto port = serve({.certificate = bad});
        net.run([&] { EXPECT_EQ(refusal(trusting(authority), port).fault, Fault::tls_expired); });
    }
}

TEST_F(TlsTest, InsecureSkipAcceptsAnyCertificate) {
    const Certificate bad = make_certificate({.names = "DNS:other.test", .valid_to = -60});
    const auto port = serve({.certificate = &bad});
    net.run([&] {
        TlsSettings settings;
        settings.verify = false;
        const auto opened = open(settings, port);
        ASSERT_EQ(opened.index(), 0U);
        EXPECT_EQ(echo(*std::get<0>(opened), "ping"), "ping");
    });
}

TEST_F(TlsTest, AddressesAreVerifiedAndNotSentAsServerName) {
    const auto port = serve({.certificate = &good});
    net.run([&] {
        EXPECT_EQ(open(trusting(authority), port, "127.0.0.1").index(), 0U);
        EXPECT_EQ(servers[0]->seen_name, "");
    });
}

TEST_F(TlsTest, SpeaksTls12AndNamesItsSuitesAsGoDoes) {
    const auto port = serve({.certificate = &good, .newest = TLS1_2_VERSION});
    net.run([&] {
        TlsSettings settings = trusting(authority);
        settings.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"};
        const auto opened = open(settings, port);
        ASSERT_EQ(opened.index(), 0U) << std::get<Failure>(opened).text;
        EXPECT_EQ(std::get<0>(opened)->tls()->version, "tls1.2");
        EXPECT_EQ(std::get<0>(opened)->tls()->cipher, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305");
        settings.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};
        const auto aes = open(settings, port);
        ASSERT_EQ(aes.index(), 0U);
        EXPECT_EQ(std::get<0>(aes)->tls()->cipher, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    });
}

TEST_F(TlsTest, AServerThatIsTooOldIsAHandshakeFault) {
    const auto port = serve({.certificate = &good, .newest = TLS1_2_VERSION});
    net.run([&] {
        TlsSettings settings = trusting(authority);
        settings.oldest = TlsVersion::tls1_3;
        const Failure failure = refusal(settings, port);
        EXPECT_EQ(failure.fault, Fault::tls_handshake);
        EXPECT_THAT(failure.text, ::testing::HasSubstr("protocol version"));
    });
}

TEST_F(TlsTest, TheNewestVersionCanBeLimited) {
    const auto port = serve({.certificate = &good});
    net.run([&] {
        TlsSettings settings = trusting(authority);
        settings.newest = TlsVersion::tls1_2;
        const auto opened = open(settings, port);
        ASSERT_EQ(opened.index(), 0U);
        EXPECT_EQ(std::get<0>(opened)->tls()->version, "tls1.2");
    });
}

TEST_F(TlsTest, AClientCertificateIsShownToTheDomainsItIsFor) {
    const auto port = serve({.certificate = &good, .accepted_clients = &authority});
    const Certificate mine = make_certificate({.names = "", .issuer = &authority});
    net.run([&] {
        TlsSettings settings = trusting(authority);
        settings.client_certificates = {{.certificate = mine.pem(),
                                         .key = mine.key_pem("secret"),
                                         .password = "secret",
                                         .domains = {"localhost"}}};
        const auto opened = open(settings, port);
        ASSERT_EQ(opened.index(), 0U) << std::get<Failure>(opened).text;
        EXPECT_EQ(echo(*std::get<0>(opened), "ping"), "ping");

        // TLS 1.3 lets the client go ahead before the server has looked: the read hears of it.
        settings.client_certificates[0].domains = {"*.other.test"};
        const auto without = open(settings, port);
        ASSERT_EQ(without.index(), 0U);
        const auto [text, fault] = read_text(*std::get<0>(without), 1, net.in(seconds(10)));
        EXPECT_EQ(fault, Fault::tls_handshake);
        EXPECT_THAT(std::string(std::get<0>(without)->fault_text()),
                    ::testing::HasSubstr("certificate required"));
    });
}

TEST_F(TlsTest, SessionsAreResumedOnlyWhenAskedTo) {
    const auto port = serve({.certificate = &good});
    net.run([&] {
        for (const bool resume : {true, false}) {
            TlsSettings settings = trusting(authority);
            settings.resume_sessions = resume;
            const auto first = open(settings, port);
            ASSERT_EQ(first.index(), 0U);
            EXPECT_EQ(echo(*std::get<0>(first), "ping"),
                      "ping");  // the tickets come with the answer
            const auto second = again(port, "localhost");
            ASSERT_EQ(second.index(), 0U);
            EXPECT_EQ(std::get<0>(second)->tls()->resumed, resume);
            EXPECT_EQ(echo(*std::get<0>(second), "pong"), "pong");
        }
    });
}

TEST_F(TlsTest, ManyRecordsGoBothWays) {
    const auto port = serve({.certificate = &good});
    net.run([&] {
        const auto opened = open(trusting(authority), port);
        ASSERT_EQ(opened.index(), 0U);
        std::string body;
        for (int i = 0; body.size() < 400'000; ++i) body += std::to_string(i) + ",";
        body.resize(body.size() / 4 * 4);
        Stream& stream = *std::get<0>(opened);
        std::string heard;
        for (std::size_t at = 0; at < body.size(); at += 40'000) {
            heard += echo(stream, std::string_view(body).substr(at, 40'000));
        }
        EXPECT_EQ(heard, body);
    });
}

TEST_F(TlsTest, IsReusableThoughSessionTicketsArrivedWhileIdle) {
    const auto port = serve({.certificate = &good});
    net.run([&] {
        const auto opened = open(trusting(authority), port);
        ASSERT_EQ(opened.index(), 0U);
        Stream& stream = *std::get<0>(opened);
        ASSERT_EQ(stream.wait_readable(net.in(seconds(10))), Fault::none);  // the tickets
        EXPECT_TRUE(stream.reusable());
        EXPECT_EQ(echo(stream, "ping"), "ping");
        EXPECT_TRUE(stream.reusable());
        EXPECT_EQ(stream.write(bytes_of("1234"), net.in(seconds(10))).fault, Fault::none);
        ASSERT_EQ(stream.wait_readable(net.in(seconds(10))), Fault::none);
        EXPECT_FALSE(stream.reusable()) << "an answer nobody has read";
        stream.close();
        EXPECT_FALSE(stream.reusable());
    });
}

TEST_F(TlsTest, TheEndIsTheEndWithAndWithoutCloseNotify) {
    for (const bool notify : {true, false}) {
        TlsServer ending({.certificate = &good, .close_notify = notify});
        const auto port = net.serve([&](TcpStream& client, int) {
            TlsServer::Session session(ending, client);
            if (session.accept() && session.read(2) == "go")
                static_cast<void>(session.write("bye"));
        });
        net.run([&] {
            const auto opened = open(trusting(authority), port);
            ASSERT_EQ(opened.index(), 0U);
            Stream& stream = *std::get<0>(opened);
            ASSERT_EQ(stream.write(bytes_of("go"), net.in(seconds(10))).fault, Fault::none);
            const auto [text, fault] = read_text(stream, 100, net.in(seconds(10)));
            EXPECT_EQ(text, "bye");
            EXPECT_EQ(fault, Fault::closed);
            EXPECT_FALSE(stream.reusable());
        });
    }
}

TEST_F(TlsTest, AServerThatHangsInTheHandshakeIsGivenUpAtTheDeadline) {
    const auto port = net.serve(
        [&](TcpStream&, int) { static_cast<void>(rt::sleep_until(net.loop, base::never)); });
    patience = milliseconds(10);
    net.run([&] {
        const Failure failure = refusal(trusting(authority), port);
        EXPECT_EQ(failure.fault, Fault::timed_out);
        EXPECT_EQ(failure.text, "TLS handshake with localhost: no answer in time");
    });
}

TEST_F(TlsTest, AServerThatDoesNotSpeakTlsIsAHandshakeFault) {
    const auto plain = net.serve([&](TcpStream& client, int) {
        static_cast<void>(client.write(bytes_of("HTTP/1.1 400 Bad Request\r\n\r\n"), base::never));
        static_cast<void>(read_text(client, 100000, base::never));
    });
    const auto closing = net.serve(
        [](TcpStream& client, int) { static_cast<void>(read_text(client, 1, base::never)); });
    net.run([&] {
        EXPECT_EQ(refusal(trusting(authority), plain).fault, Fault::tls_handshake);
        const Failure failure = refusal(trusting(authority), closing);
        EXPECT_THAT(failure.fault, ::testing::AnyOf(Fault::tls_handshake, Fault::reset));
    });
}

TEST_F(TlsTest, SettingsThatCannotBeUsedAreNamed) {
    const auto error = [](const TlsSettings& settings) {
        const auto made = TlsContext::make(settings);
        return made.ok() ? "" : made.error().text;
    };
    using ::testing::HasSubstr;
    TlsSettings settings;
    settings.cipher_suites = {"TLS_MADE_UP"};
    EXPECT_THAT(error(settings), HasSubstr("'TLS_MADE_UP'"));
    settings = {};
    settings.oldest = TlsVersion::tls1_3;
    settings.newest = TlsVersion::tls1_2;
    EXPECT_THAT(error(settings), HasSubstr("tlsVersion"));
    settings = {};
    settings.roots_file = "/does/not/exist.pem";
    EXPECT_THAT(error(settings), HasSubstr("/does/not/exist.pem"));
    settings = {};
    settings.client_certificates = {{.certificate = "nonsense", .key = good.key_pem()}};
    EXPECT_THAT(error(settings), HasSubstr("tlsAuth: reading the certificate"));
    settings.client_certificates = {{.certificate = good.pem(), .key = authority.key_pem()}};
    EXPECT_THAT(error(settings), HasSubstr("does not belong"));
    settings.client_certificates = {
        {.certificate = good.pem(), .key = good.key_pem("secret"), .password = "wrong"}};
    EXPECT_THAT(error(settings), HasSubstr("reading the key"));
    EXPECT_TRUE(parse_tls_version("tls1.3").ok());
    EXPECT_FALSE(parse_tls_version("ssl3").ok());
}

}  // namespace
}  // namespace weir::net

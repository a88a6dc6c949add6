#include "http/client.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "http/testing/scripted.h"

namespace weir::http {
namespace {

using base::Nanos;
using net::Fault;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Say;
using testing::ScriptedConnection;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

Request get(std::string_view url) {
    Request request;
    request.url = std::make_shared<const base::Url>(base::parse_url(url).value());
    return request;
}

Request post(std::string_view url, std::string body) {
    Request request = get(url);
    request.method = "POST";
    request.body = std::move(body);
    request.has_body = true;
    return request;
}

class ClientTest : public ::testing::Test {
protected:
    testing::SimWorld world;
    ClientSettings settings;
    Client client{world.loop, world.dialer, settings};

    SendSettings within(Nanos time) const { return {.deadline = world.now() + time}; }
    Exchange send(const Request& request, const SendSettings& limits) {
        Exchange exchange;
        world.run([&] { exchange = client.send(request, limits); });
        return exchange;
    }
    Exchange send(const Request& request) { return send(request, within(seconds(60))); }
    /// One exchange on one connection.
    Exchange over(ScriptedConnection connection,
                  const Request& request = get("http://shop.test/")) {
        world.dialer.expect(std::move(connection));
        return send(request);
    }
};

// ------------------------------------------------------------------- timings

TEST_F(ClientTest, MeasuresEachPhase) {
    const auto before = world.now();
    const auto exchange = over({.says = {{.bytes = ok.substr(0, 10), .after = milliseconds(100)},
                                         {.bytes = ok.substr(10), .after = milliseconds(30)}},
                                .takes = {.looking_up = milliseconds(1),
                                          .connecting = milliseconds(2),
                                          .tls_handshaking = milliseconds(4)},
                                .write_takes = milliseconds(7)});
    ASSERT_TRUE(exchange.answered());
    EXPECT_EQ(exchange.body, "hi");
    EXPECT_EQ(exchange.start, before);
    EXPECT_EQ(exchange.timings.blocked, milliseconds(7));  // with what dialing took, as in k6
    EXPECT_EQ(exchange.timings.looking_up, milliseconds(1));
    EXPECT_EQ(exchange.timings.connecting, milliseconds(2));
    EXPECT_EQ(exchange.timings.tls_handshaking, milliseconds(4));
    EXPECT_EQ(exchange.timings.sending, milliseconds(7));
    EXPECT_EQ(exchange.timings.waiting, milliseconds(100));
    EXPECT_EQ(exchange.timings.receiving, milliseconds(30));
    EXPECT_EQ(exchange.timings.duration(), milliseconds(137));
    EXPECT_EQ(exchange.first_byte, before + milliseconds(114));
    EXPECT_EQ(exchange.end, before + milliseconds(144));
    EXPECT_EQ(exchange.bytes_sent,
              std::string_view("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n").size());
    EXPECT_EQ(exchange.bytes_received, ok.size());
    EXPECT_EQ(exchange.peer.ip, "192.0.2.1");
    EXPECT_FALSE(exchange.connection_reused);
}

TEST_F(ClientTest, AKeptConnectionCostsNoDialing) {
    const auto script = world.dialer.expect_answers({ok, ok, ok});
    static_cast<void>(send(get("http://shop.test/1")));
    const auto second = send(get("http://shop.test/2"));
    EXPECT_TRUE(second.connection_reused);
    EXPECT_EQ(second.timings.blocked, Nanos::zero());
    EXPECT_EQ(second.timings.connecting, Nanos::zero());
    static_cast<void>(send(get("http://shop.test/3")));
    EXPECT_EQ(world.dialer.targets, std::vector<std::string>{"shop.test:80"});
    EXPECT_EQ(script->written,
              "GET /1 HTTP/1.1\r\nHost: shop.test\r\n\r\nGET /2 HTTP/1.1\r\nHost: shop.test\r\n\r\n"
              "GET /3 HTTP/1.1\r\nHost: shop.test\r\n\r\n");
}

TEST_F(ClientTest, OneRequestIsOneWrite) {
    const auto script = world.dialer.expect_answers({ok, ok});
    static_cast<void>(send(post("http://shop.test/", "body")));
    EXPECT_EQ(script->writes.size(), 1U);
    const auto large = send(post("http://shop.test/", std::string(1'000'000, 'x')));
    EXPECT_EQ(script->writes.size(), 3U);  // its body is not copied behind its head
    EXPECT_GT(large.bytes_sent, 1'000'000U);
    EXPECT_TRUE(script->written.ends_with("xx"));
}

TEST_F(ClientTest, AnEarlyAnswerHasNoNegativeTimes) {
    // The server refuses the body before it has read it, and closes.
    const auto exchange = over({.says = {{.bytes = "HTTP/1.1 413 Too Large\r\n"
                                                   "Content-Length: 0\r\n\r\n"}},
                                .write_takes = milliseconds(5),
                                .write_fault = Fault::reset,
                                .write_fault_after = 1000},
                               post("http://shop.test/", std::string(100'000, 'x')));
    EXPECT_EQ(exchange.outcome, Outcome::answered);
    EXPECT_EQ(exchange.status, 413);
    EXPECT_EQ(exchange.timings.waiting, Nanos::zero());
    EXPECT_EQ(exchange.timings.receiving, Nanos::zero());
}

// -------------------------------------------------------------- reuse or not

TEST_F(ClientTest, ConnectionsBelongToSchemeHostAndPort) {
    for (int i = 0; i < 4; ++i) world.dialer.expect_answers({ok});
    for (const auto* const url : {"http://shop.test/", "https://shop.test/", "http://shop.test:81/",
                                  "http://www.shop.test/"}) {
        EXPECT_FALSE(send(get(url)).connection_reused);
    }
    EXPECT_EQ(world.dialer.targets, (std::vector<std::string>{"shop.test:80", "shop.test:443 tls",
                                                              "shop.test:81", "www.shop.test:80"}));
}

TEST_F(ClientTest, KeepsNoConnectionThatIsToBeClosed) {
    const std::string close = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const auto first = world.dialer.expect_answers({close});
    world.dialer.expect_answers({ok, ok});
    world.dialer.expect_answers({ok});
    static_cast<void>(send(get("http://shop.test/")));
    EXPECT_TRUE(first->closed);
    Request last = get("http://shop.test/");
    last.headers = {{"connection", "Close"}};
    EXPECT_FALSE(send(last).connection_reused);
    EXPECT_FALSE(send(get("http://shop.test/")).connection_reused);
}

TEST_F(ClientTest, KeepsNoConnectionForLongerThanTheIdleLimit) {
    world.dialer.expect_answers({ok, ok});
    world.dialer.expect_answers({ok});
    static_cast<void>(send(get("http://shop.test/")));
    world.loop.spend(seconds(90));
    EXPECT_TRUE(send(get("http://shop.test/")).connection_reused);
    world.loop.spend(seconds(91));
    EXPECT_FALSE(send(get("http://shop.test/")).connection_reused);
}

TEST_F(ClientTest, NoticesAnIdleConnectionThatWasClosed) {
    const auto first = world.dialer.expect_answers({ok, ok});
    world.dialer.expect_answers({ok});
    static_cast<void>(send(get("http://shop.test/")));
    first->alive = false;
    EXPECT_FALSE(send(post("http://shop.test/", "x")).connection_reused);
    EXPECT_EQ(first->writes.size(), 1U);
}

TEST_F(ClientTest, CloseIdleForgetsConnections) {
    const auto first = world.dialer.expect_answers({ok, ok});
    world.dialer.expect_answers({ok});
    static_cast<void>(send(get("http://shop.test/")));
    client.close_idle();
    EXPECT_TRUE(first->closed);
    EXPECT_FALSE(send(get("http://shop.test/")).connection_reused);
}

TEST_F(ClientTest, WithoutReuseEachConnectionIsItsRequestsOwn) {
    settings.reuse_connections = false;
    const auto first = world.dialer.expect_answers({ok, ok});
    world.dialer.expect_answers({ok});
    static_cast<void>(send(get("http://shop.test/")));
    EXPECT_TRUE(first->written.ends_with("\r\nConnection: close\r\n\r\n"));
    EXPECT_TRUE(first->closed);
    EXPECT_FALSE(send(get("http://shop.test/")).connection_reused);
}

TEST_F(ClientTest, TakesTheConnectionThatCameBackLast) {
    const auto slow =
        world.dialer.expect({.says = {{.bytes = ok, .after = milliseconds(10)}, {.bytes = ok}}});
    const auto quick =
        world.dialer.expect({.says = {{.bytes = ok, .after = milliseconds(5)}, {.bytes = ok}}});
    for (int i = 0; i < 2; ++i) {
        world.spawn([&] { static_cast<void>(client.send(get("http://shop.test/"), {})); });
    }
    world.loop.run();
    EXPECT_TRUE(send(get("http://shop.test/")).connection_reused);
    EXPECT_EQ(slow->writes.size(), 2U);
    EXPECT_EQ(quick->writes.size(), 1U);
    EXPECT_FALSE(quick->closed);
}

// --------------------------------------------------------------------- retry

TEST_F(ClientTest, SendsAgainWhenAnIdleConnectionWasClosedUnseen) {
    for (const Fault fault : {Fault::closed, Fault::reset, Fault::tls_handshake}) {
        world.dialer.expect({.says = {{.bytes = ok}, {.fault = fault}}});
        world.dialer.expect_answers({ok});
        static_cast<void>(send(get("http://shop.test/")));
        const auto before = world.now();
        const auto again = send(get("http://shop.test/"));
        EXPECT_TRUE(again.answered());
        EXPECT_FALSE(again.connection_reused);
        EXPECT_EQ(again.start, before);
        EXPECT_EQ(again.bytes_received, ok.size());
        client.close_idle();
    }
    EXPECT_TRUE(world.dialer.all_dialed());
}

TEST_F(ClientTest, SendsNothingAgainThatMayHaveTakenEffect) {
    world.dialer.expect({.says = {{.bytes = ok}, {.fault = Fault::closed}}});
    static_cast<void>(send(get("http://shop.test/")));
    const auto exchange = send(post("http://shop.test/", "x"));
    EXPECT_EQ(exchange.outcome, Outcome::connection_failed);
    EXPECT_EQ(exchange.failure.fault, Fault::closed);
    EXPECT_EQ(world.dialer.targets.size(), 1U);
}

TEST_F(ClientTest, SendsAnythingAgainOfWhichNoByteWasSent) {
    const auto first = world.dialer.expect_answers({ok});
    world.dialer.expect_answers({ok});
    static_cast<void>(send(get("http://shop.test/")));
    first->write_fault = Fault::reset;
    first->says.push_back({.fault = Fault::reset});
    EXPECT_TRUE(send(post("http://shop.test/", "x")).answered());
}

TEST_F(ClientTest, TriesANewConnectionOnlyOnce) {
    world.dialer.expect({.says = {{.bytes = ok}, {.fault = Fault::closed}}});
    world.dialer.expect({.says = {{.fault = Fault::closed}}});
    static_cast<void>(send(get("http://shop.test/")));
    EXPECT_EQ(send(get("http://shop.test/")).outcome, Outcome::connection_failed);
    EXPECT_TRUE(world.dialer.all_dialed());
    // And none at all when the connection was new.
    world.dialer.expect({.says = {{.fault = Fault::closed}}});
    EXPECT_EQ(send(get("http://shop.test/")).outcome, Outcome::connection_failed);
}

TEST_F(ClientTest, AnAnswerThatBeganIsNotAskedForAgain) {
    world.dialer.expect(
        {.says = {{.bytes = ok}, {.bytes = "HTTP/1.1 2"}, {.fault = Fault::closed}}});
    static_cast<void>(send(get("http://shop.test/")));
    EXPECT_EQ(send(get("http://shop.test/")).outcome, Outcome::truncated);
}

// ------------------------------------------------------------------ failures

TEST_F(ClientTest, TellsWhyThereIsNoConnection) {
    for (const Fault fault : {Fault::connection_refused, Fault::dns_not_found, Fault::tls_untrusted,
                              Fault::dial_timed_out}) {
        const auto exchange =
            over({.refuses = {fault, "words"}, .takes = {.connecting = seconds(1)}});
        EXPECT_EQ(exchange.outcome, Outcome::connection_failed);
        EXPECT_EQ(exchange.failure.fault, fault);
        EXPECT_EQ(exchange.failure.text, "words");
        EXPECT_EQ(exchange.status, 0);
        EXPECT_EQ(exchange.timings.blocked, seconds(1));
        EXPECT_EQ(exchange.timings.duration(), Nanos::zero());
        EXPECT_EQ(exchange.end, exchange.start + seconds(1));
        EXPECT_EQ(exchange.first_byte, exchange.end);
    }
}

TEST_F(ClientTest, TheDeadlineHoldsInEveryPhase) {
    const std::vector<ScriptedConnection> slow_ones{
        {.says = {{.bytes = ok}}, .takes = {.connecting = seconds(100)}},
        {.says = {{.bytes = ok}}, .write_takes = seconds(100)},
        {.says = {}},
        {.says = {{.bytes = ok.substr(0, 5)}}},
        {.says = {{.bytes = ok.substr(0, ok.size() - 1)}}},
    };
    for (const auto& slow : slow_ones) {
        const auto script = world.dialer.expect(slow);
        const auto exchange = send(get("http://shop.test/"));
        EXPECT_EQ(exchange.outcome, Outcome::timed_out);
        EXPECT_EQ(exchange.end, exchange.start + seconds(60));
        EXPECT_FALSE(exchange.failure.text.empty());
        const bool dialed = slow.takes.connecting == Nanos::zero();
        EXPECT_EQ(script->closed, dialed);
    }
}

TEST_F(ClientTest, ATrickleDoesNotPutOffTheDeadline) {
    ScriptedConnection trickle;
    trickle.says.push_back({.bytes = "HTTP/1.1 200 OK\r\n\r\n"});
    for (int i = 0; i < 1000; ++i) trickle.says.push_back({.bytes = "x", .after = seconds(1)});
    const auto exchange = over(trickle);
    EXPECT_EQ(exchange.outcome, Outcome::timed_out);
    EXPECT_EQ(exchange.timings.receiving, seconds(60));
    EXPECT_NE(exchange.failure.text.find("still arriving"), std::string::npos);
}

TEST_F(ClientTest, TellsTruncationFromRefusalToAnswer) {
    const auto silent = over({.says = {{.fault = Fault::closed}}});
    EXPECT_EQ(silent.outcome, Outcome::connection_failed);
    EXPECT_EQ(silent.failure.fault, Fault::closed);
    for (const Fault fault : {Fault::closed, Fault::reset, Fault::io}) {
        const auto half = over({.says = {{.bytes = ok.substr(0, 20)}, {.fault = fault}}});
        EXPECT_EQ(half.outcome, Outcome::truncated);
        EXPECT_EQ(half.failure.fault, fault);
        EXPECT_FALSE(half.failure.text.empty());
    }
}

TEST_F(ClientTest, ABodyWithoutLengthLastsUntilTheEnd) {
    const auto whole =
        over({.says = {{.bytes = "HTTP/1.1 200 OK\r\n\r\nall of it"}, {.fault = Fault::closed}}});
    EXPECT_EQ(whole.outcome, Outcome::answered);
    EXPECT_EQ(whole.body, "all of it");
    const auto broken =
        over({.says = {{.bytes = "HTTP/1.1 200 OK\r\n\r\nall of"}, {.fault = Fault::reset}}});
    EXPECT_EQ(broken.outcome, Outcome::truncated);
}

TEST_F(ClientTest, NeverUsesAConnectionAgainWhoseAnswerWasBad) {
    for (const auto& [answer, outcome] : std::vector<std::pair<std::string, Outcome>>{
             {"SSH-2.0-OpenSSH_9.2\r\n", Outcome::not_http},
             {"HTTP/1.1 200 OK\r\nA: " + std::string(300'000, 'x'), Outcome::headers_too_large},
             {"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", Outcome::body_too_large},
             {"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nxyz",
              Outcome::bad_encoding}}) {
        const auto script = world.dialer.expect_answers({answer});
        const auto exchange = send(get("http://shop.test/"));
        EXPECT_EQ(exchange.outcome, outcome);
        EXPECT_FALSE(exchange.failure.text.empty());
        EXPECT_TRUE(script->closed);
    }
}

TEST_F(ClientTest, RefusesWhatCannotBeSent) {
    const auto scheme = send(get("ftp://shop.test/"));
    EXPECT_EQ(scheme.outcome, Outcome::connection_failed);
    EXPECT_NE(scheme.failure.text.find("ftp"), std::string::npos);
    Request injected = get("http://shop.test/");
    injected.headers = {{"X-Name", "a\r\nHost: evil.test"}};
    EXPECT_NE(send(injected).failure.text.find("X-Name"), std::string::npos);
    EXPECT_TRUE(world.dialer.targets.empty());
}

TEST_F(ClientTest, ACancelledFiberStopsWhereverItIs) {
    const std::vector<ScriptedConnection> slow_ones{
        {.takes = {.connecting = seconds(100)}}, {.write_takes = seconds(100)}, {.says = {}}};
    for (const auto& slow : slow_ones) {
        world.dialer.expect(slow);
        Exchange exchange;
        auto& fiber = world.spawn([&] { exchange = client.send(get("http://shop.test/"), {}); });
        world.loop.run_until(world.now() + seconds(1));
        fiber.cancel();
        world.loop.run();
        EXPECT_EQ(exchange.outcome, Outcome::cancelled);
        EXPECT_EQ(exchange.end, exchange.start + seconds(1));
    }
}

TEST_F(ClientTest, ALargeBodyLetsOthersTakeTheirTurn) {
    ScriptedConnection flood;
    flood.says.push_back({.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n" +
                                   std::string(4'000'000, 'x')});
    world.dialer.expect(flood);
    bool body_is_here = false;
    bool other_ran_before = false;
    world.spawn(
        [&] { body_is_here = client.send(get("http://shop.test/"), {}).body.size() == 4'000'000; });
    world.spawn([&] {
        static_cast<void>(rt::sleep_until(world.loop, world.now() + Nanos(1)));
        other_ran_before = !body_is_here;
    });
    world.loop.run();
    EXPECT_TRUE(body_is_here);
    EXPECT_TRUE(other_ran_before);
}

// --------------------------------------------------------------------- slots

TEST_F(ClientTest, WaitingForAFreeConnectionIsBlocked) {
    settings.connections_per_host = 1;
    world.dialer.expect({.says = {{.bytes = ok, .after = milliseconds(10)},
                                  {.bytes = ok, .after = milliseconds(10)},
                                  {.bytes = ok, .after = milliseconds(10)}}});
    std::vector<Exchange> exchanges(3);
    for (auto& exchange : exchanges) {
        world.spawn([&] { exchange = client.send(get("http://shop.test/"), {}); });
    }
    world.loop.run();
    for (int i = 0; i < 3; ++i) {
        const auto& exchange = exchanges[static_cast<std::size_t>(i)];
        EXPECT_TRUE(exchange.answered());
        EXPECT_EQ(exchange.timings.blocked, i * milliseconds(10));
        EXPECT_EQ(exchange.timings.duration(), milliseconds(10));
    }
    EXPECT_EQ(world.dialer.targets.size(), 1U);
}

TEST_F(ClientTest, OtherHostsAreNotBlocked) {
    settings.connections_per_host = 1;
    world.dialer.expect({.says = {{.bytes = ok, .after = milliseconds(10)}}});
    world.dialer.expect({.says = {{.bytes = ok, .after = milliseconds(10)}}});
    std::vector<Exchange> exchanges(2);
    world.spawn([&] { exchanges[0] = client.send(get("http://a.test/"), {}); });
    world.spawn([&] { exchanges[1] = client.send(get("http://b.test/"), {}); });
    world.loop.run();
    EXPECT_EQ(exchanges[0].end, exchanges[1].end);
}

TEST_F(ClientTest, WaitingForAFreeConnectionEndsAtTheDeadlineOrWhenCancelled) {
    settings.connections_per_host = 1;
    world.dialer.expect({.says = {{.bytes = ok, .after = seconds(10)}, {.bytes = ok}}});
    std::vector<Exchange> exchanges(4);
    const auto start = [&](std::size_t i, SendSettings limits) -> rt::Fiber& {
        return world.spawn(
            [&, i, limits] { exchanges[i] = client.send(get("http://shop.test/"), limits); });
    };
    start(0, {});
    start(1, within(seconds(2)));
    auto& cancelled = start(2, {});
    start(3, {});
    world.loop.run_until(world.now() + seconds(3));
    cancelled.cancel();
    world.loop.run();
    EXPECT_EQ(exchanges[1].outcome, Outcome::timed_out);
    EXPECT_EQ(exchanges[1].timings.blocked, seconds(2));
    EXPECT_EQ(exchanges[2].outcome, Outcome::cancelled);
    EXPECT_TRUE(exchanges[3].answered());  // nobody's place was lost
    EXPECT_EQ(exchanges[3].timings.blocked, seconds(10));
}

TEST_F(ClientTest, APlaceGivenToACancelledFiberGoesToTheNext) {
    settings.connections_per_host = 1;
    world.dialer.expect({.says = {{.bytes = ok, .after = seconds(1)}, {.bytes = ok}}});
    Exchange last;
    rt::Fiber* waiting = nullptr;
    world.spawn([&] {
        static_cast<void>(client.send(get("http://shop.test/"), {}));
        waiting->cancel();  // its turn has come, but it has not run yet
    });
    waiting = &world.spawn([&] { static_cast<void>(client.send(get("http://shop.test/"), {})); });
    world.spawn([&] { last = client.send(get("http://shop.test/"), {}); });
    world.loop.run();
    EXPECT_TRUE(last.answered());
}

// --------------------------------------------------------------------- proxy

TEST_F(ClientTest, AsksAProxyForTheWholeUrl) {
    settings.proxies.http = std::make_shared<const base::Url>(
        base::parse_url("http://user:secret@proxy.test:3128").value());
    settings.proxies.https = settings.proxies.http;
    const auto plain = world.dialer.expect_answers({ok});
    const auto tls = world.dialer.expect_answers({ok});
    static_cast<void>(send(get("http://shop.test/a?b")));
    EXPECT_EQ(plain->written,
              "GET http://shop.test/a?b HTTP/1.1\r\nHost: shop.test\r\n"
              "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n");
    // Over TLS the dialer has made a tunnel.
    static_cast<void>(send(get("https://shop.test/a?b")));
    EXPECT_EQ(tls->written, "GET /a?b HTTP/1.1\r\nHost: shop.test\r\n\r\n");
    EXPECT_EQ(world.dialer.proxies,
              (std::vector<std::string>(2, "http://user:secret@proxy.test:3128/")));
}

TEST_F(ClientTest, ASocksProxyIsATunnelForPlainHttpToo) {
    settings.proxies.http =
        std::make_shared<const base::Url>(base::parse_url("socks5://proxy.test:1080").value());
    const auto script = world.dialer.expect_answers({ok});
    static_cast<void>(send(get("http://shop.test/")));
    EXPECT_TRUE(script->written.starts_with("GET / HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace weir::http

// The server over real sockets: what it takes, what it refuses, and what it does not wait for.
#include "http/server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/loopback.h"
#include "rt/baton.h"

namespace weir::http {
namespace {

using net::testing::bytes_of;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

struct ServerTest : testing::Test {
    void listen(ServerLimits limits, Server::Handler handler = {}) {
        if (!handler) {
            handler = [](const ReceivedRequest& request) {
                ServerAnswer answer;
                answer.body = request.method + " " + request.target + " " + request.body;
                return answer;
            };
        }
        auto made = Server::listen(net.loop, net.stacks, *net::Endpoint::parse("127.0.0.1:0"),
                                   limits, std::move(handler));
        ASSERT_TRUE(made.ok()) << made.error().text;
        server = std::move(made).value();
    }
    ~ServerTest() override {
        if (server == nullptr) return;
        server->stop();
        server->stop();
        while (!server->ended()) net.loop.run();
    }
    [[nodiscard]] std::unique_ptr<net::TcpStream> connect() {
        auto to = *net::Endpoint::parse("127.0.0.1:1");
        to.port = server->port();
        auto made = net::TcpStream::connect(net.loop, to, std::nullopt, patience());
        auto* stream = std::get_if<std::unique_ptr<net::TcpStream>>(&made);
        return stream == nullptr ? nullptr : std::move(*stream);
    }
    [[nodiscard]] base::Instant patience() const { return net.in(std::chrono::seconds(10)); }
    /// Sends the pieces, and reads all that comes until the server closes.
    std::string talk(const std::vector<std::string>& pieces) {
        std::string said;
        net.run([&] {
            auto stream = connect();
            for (const auto& piece : pieces) {
                if (stream->write(bytes_of(piece), patience()).fault != net::Fault::none) break;
            }
            said = net::testing::read_text(*stream, 1'000'000, patience()).first;
        });
        return said;
    }

    net::testing::Loopback net;
    std::unique_ptr<Server> server;
};

TEST_F(ServerTest, AnswersRequestsOfOneConnection) {
    listen({});
    const auto said = talk({"POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /c",
                            " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"});
    EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(said, HasSubstr("POST /a?b abc"));
    EXPECT_THAT(said, EndsWith("GET /c "));
    EXPECT_EQ(server->totals().requests, 2U);
}

TEST_F(ServerTest, TakesChunksAndContinues) {
    listen({});
    std::string asked;
    std::string said;
    net.run([&] {
        auto stream = connect();
        (void)stream->write(
            bytes_of("POST / HTTP/1.1\r\nConnection: close\r\nExpect: 100-continue\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n"),
            patience());
        asked = net::testing::read_head(*stream, patience());
        (void)stream->write(bytes_of("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), patience());
        said = net::testing::read_text(*stream, 1'000'000, patience()).first;
    });
    EXPECT_EQ(asked, "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(said, EndsWith("POST / abcde"));
}

TEST_F(ServerTest, RefusesWhatIsNoRequestOrTooLarge) {
    ServerLimits limits;
    limits.request.headers = 1000;
    limits.request.body = 10;
    listen(limits);
    EXPECT_THAT(talk({"\x16\x03\x01 hello\r\n\r\n"}), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(talk({"GET / HTTP/2.0\r\n\r\n"}),
                testing::AnyOf(StartsWith("HTTP/1.1 505 "), StartsWith("HTTP/1.1 400 ")));
    EXPECT_THAT(talk({"GET / HTTP/1.1\r\nA: " + std::string(2000, 'a') + "\r\n\r\n"}),
                StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(talk({"POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n"}),
                StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(talk({"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nabcdefghijk\r\n"}),
                StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(
        talk({"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}),
        StartsWith("HTTP/1.1 400 "));
    EXPECT_EQ(server->totals().requests, 0U);
    EXPECT_EQ(server->totals().refused, 6U);
}

TEST_F(ServerTest, DoesNotWaitForDribblers) {
    ServerLimits limits;
    limits.request_time = std::chrono::milliseconds(50);
    listen(limits);
    // A byte keeps the connection alive, not the request.
    EXPECT_EQ(talk({"POST / HTTP/1.1\r\nContent-Le"}), "");
    EXPECT_EQ(server->totals().slow, 1U);
}

TEST_F(ServerTest, TurnsTheFloodAway) {
    ServerLimits limits;
    limits.connections = 2;
    rt::Baton go(net.loop);
    int begun = 0;
    listen(limits, [&](const ReceivedRequest&) {
        begun += 1;
        EXPECT_EQ(go.wait(patience()), rt::Wake::posted);
        go.post();
        return ServerAnswer{};
    });
    std::string third;
    std::string first;
    net.run([&] {
        const std::string request = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";
        auto one = connect();
        auto two = connect();
        (void)one->write(bytes_of(request), patience());
        (void)two->write(bytes_of("GET /"), patience());  // busy: it has begun to speak
        while (begun < 1) (void)rt::sleep_until(net.loop, net.in(std::chrono::milliseconds(1)));
        (void)rt::sleep_until(net.loop, net.in(std::chrono::milliseconds(5)));
        auto three = connect();
        third = net::testing::read_text(*three, 1'000'000, patience()).first;
        go.post();
        first = net::testing::read_text(*one, 1'000'000, patience()).first;
    });
    EXPECT_THAT(third, StartsWith("HTTP/1.1 503 Service Unavailable\r\nRetry-After: "));
    EXPECT_THAT(first, StartsWith("HTTP/1.1 200 OK"));
    EXPECT_EQ(server->totals().busy, 1U);
}

TEST_F(ServerTest, IdleConnectionsMakeRoom) {
    ServerLimits limits;
    limits.connections = 2;
    listen(limits);
    std::string said;
    net.run([&] {
        std::vector<std::unique_ptr<net::TcpStream>> silent;
        for (int i = 0; i < 10; ++i) silent.push_back(connect());
        auto speaker = connect();
        (void)speaker->write(bytes_of("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n"), patience());
        said = net::testing::read_text(*speaker, 1'000'000, patience()).first;
    });
    EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ServerTest, StopsWhenWhatIsUnderWayIsAnswered) {
    rt::Baton go(net.loop);
    listen({}, [&](const ReceivedRequest&) {
        server->stop();
        EXPECT_FALSE(server->ended());
        ServerAnswer answer;
        answer.body = "last words";
        return answer;
    });
    const auto said = talk({"GET / HTTP/1.1\r\nHost: x\r\n\r\n"});
    EXPECT_THAT(said, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(said, EndsWith("last words"));
}

TEST(ServerListen, SaysWhichAddressCannotBeHad) {
    rt::EpollLoop loop;
    rt::StackPool stacks;
    const auto made = Server::listen(loop, stacks, *net::Endpoint::parse("192.0.2.1:1"), {}, {});
    ASSERT_FALSE(made.ok());
    EXPECT_THAT(made.error().text, HasSubstr("192.0.2.1:1"));
}

}  // namespace
}  // namespace weir::http

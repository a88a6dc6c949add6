#include "net/sim_net.h"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rt/fiber.h"
#include "rt/sim_loop.h"

namespace weir::net {
namespace {

using base::Instant;
using base::Nanos;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A server whose behaviour on bytes is a function.
struct Scripted final : SimServer {
    using OnBytes = std::function<void(SimConnection&, std::string_view)>;
    struct Peer final : SimPeer {
        explicit Peer(Scripted& of) : server(&of) {}
        void on_bytes(SimConnection& connection, std::string_view bytes) override {
            server->on_bytes(connection, bytes);
        }
        void on_close() override { server->closed += 1; }
        Scripted* server;
    };
    SimAnswer on_connect(std::uint64_t) override {
        if (hang) return SimAnswer::hang();
        if (fault != Fault::none) return SimAnswer::refuse(fault);
        return SimAnswer::accept(std::make_unique<Peer>(*this));
    }
    OnBytes on_bytes = [](SimConnection&, std::string_view) {};
    Fault fault = Fault::none;
    bool hang = false;
    int closed = 0;
};

struct SimNetTest : ::testing::Test {
    SimNetTest() { net.serve("shop.test", 80, server); }
    void run(rt::Fiber::Body body) {
        rt::Fiber fiber(loop, stacks, rt::io_stack_bytes, std::move(body));
        fiber.start();
        loop.run();
        ASSERT_TRUE(fiber.done());
    }
    Instant in(Nanos wait) { return loop.clock().now() + wait; }
    std::unique_ptr<Stream> connect(bool tls = false) {
        auto dialed = dialer.dial({.host = "shop.test", .port = 80, .tls = tls}, in(seconds(10)));
        if (dialed.index() == 1) return nullptr;
        return std::move(std::get<Dialed>(dialed).stream);
    }
    Failure failure(std::string_view host, std::uint16_t port, Nanos patience = seconds(10)) {
        const auto dialed = dialer.dial({.host = host, .port = port}, in(patience));
        return dialed.index() == 1 ? std::get<Failure>(dialed) : Failure{};
    }
    static Fault write(Stream& stream, std::string_view text) {
        return stream.write(std::as_bytes(std::span(text)), base::never).fault;
    }
    std::pair<std::string, Fault> read(Stream& stream,
                                       std::size_t count,
                                       Nanos patience = seconds(10)) {
        std::string text;
        std::array<std::byte, 64> buffer{};
        const Instant deadline = in(patience);
        while (text.size() < count) {
            const IoResult got = stream.read(buffer, deadline);
            text.append(reinterpret_cast<const char*>(buffer.data()), got.bytes);
            if (got.fault != Fault::none) return {text, got.fault};
        }
        return {text, Fault::none};
    }
    rt::SimLoop loop;
    rt::StackPool stacks;
    Scripted server;
    SimNet net{loop, 1, {.look_up = milliseconds(1), .one_way = milliseconds(2)}};
    SimDialer dialer{net};
};

TEST_F(SimNetTest, AnExchangeTakesTheLinksTimeToTheNanosecond) {
    server.on_bytes = [](SimConnection& connection, std::string_view bytes) {
        connection.send(std::string(bytes) + "!", milliseconds(10));
    };
    run([&] {
        const Instant began = loop.now();
        auto dialed = dialer.dial({.host = "shop.test", .port = 80}, in(seconds(10)));
        ASSERT_EQ(dialed.index(), 0U);
        EXPECT_EQ(loop.now() - began, milliseconds(1 + 2 * 2));
        EXPECT_EQ(std::get<0>(dialed).timings.looking_up, milliseconds(1));
        EXPECT_EQ(std::get<0>(dialed).timings.connecting, milliseconds(4));
        const auto stream = std::move(std::get<0>(dialed).stream);
        const Instant sent = loop.now();
        ASSERT_EQ(write(*stream, "ping"), Fault::none);
        EXPECT_EQ(read(*stream, 5).first, "ping!");
        EXPECT_EQ(loop.now() - sent, milliseconds(2 + 10 + 2));
        EXPECT_TRUE(stream->reusable());
        EXPECT_EQ(net.open(), 1U);
    });
    EXPECT_EQ(net.open(), 0U);
    EXPECT_EQ(server.closed, 1);
}

TEST_F(SimNetTest, TlsTakesItsTimeAndHasFacts) {
    run([&] {
        const Instant began = loop.now();
        const auto stream = connect(true);
        EXPECT_EQ(loop.now() - began, milliseconds(1 + 4 + 1));
        ASSERT_NE(stream->tls(), nullptr);
        EXPECT_EQ(stream->tls()->version, "tls1.3");
    });
}

TEST_F(SimNetTest, DialsFailAsRealOnesDo) {
    run([&] {
        EXPECT_EQ(failure("nowhere.test", 80).fault, Fault::dns_not_found);
        EXPECT_EQ(failure("shop.test", 81).fault, Fault::connection_refused);
        server.fault = Fault::tls_untrusted;
        EXPECT_EQ(failure("shop.test", 80).fault, Fault::tls_untrusted);
        server.hang = true;
        const Instant began = loop.now();
        EXPECT_EQ(failure("shop.test", 80, seconds(3)).fault, Fault::dial_timed_out);
        EXPECT_EQ(loop.now() - began, seconds(3));
    });
    EXPECT_EQ(net.attempts(), 2U);
}

TEST_F(SimNetTest, AServerThatHangsIsGivenUpAtTheDeadline) {
    run([&] {
        const auto stream = connect();
        ASSERT_EQ(write(*stream, "ping"), Fault::none);
        EXPECT_EQ(read(*stream, 1, seconds(5)).second, Fault::timed_out);
    });
}

TEST_F(SimNetTest, ATrickleArrivesPieceByPiece) {
    server.on_bytes = [](SimConnection& connection, std::string_view) {
        connection.trickle("0123456789", 3, milliseconds(100));
        connection.close();
    };
    run([&] {
        const auto stream = connect();
        ASSERT_EQ(write(*stream, "go"), Fault::none);
        EXPECT_EQ(read(*stream, 3).first, "012");
        const Instant first = loop.now();
        const auto [rest, fault] = read(*stream, 100);
        EXPECT_EQ(rest, "3456789");
        EXPECT_EQ(fault, Fault::closed);
        EXPECT_EQ(loop.now() - first, milliseconds(300));
        EXPECT_FALSE(stream->reusable());
    });
}

TEST_F(SimNetTest, AResetLosesWhatWasNotRead) {
    server.on_bytes = [](SimConnection& connection, std::string_view) {
        connection.send("half");
        connection.reset(milliseconds(1));
    };
    run([&] {
        const auto stream = connect();
        ASSERT_EQ(write(*stream, "go"), Fault::none);
        ASSERT_TRUE(rt::sleep_until(loop, in(seconds(1))));
        EXPECT_EQ(read(*stream, 4).second, Fault::reset);
        EXPECT_EQ(write(*stream, "more"), Fault::reset);
    });
}

TEST_F(SimNetTest, WritingToAConnectionThatTheServerHasClosedEndsInAReset) {
    server.on_bytes = [](SimConnection& connection, std::string_view) { connection.close(); };
    run([&] {
        const auto stream = connect();
        ASSERT_EQ(write(*stream, "one"), Fault::none);
        ASSERT_EQ(stream->wait_readable(in(seconds(1))), Fault::none);
        ASSERT_EQ(write(*stream, "two"), Fault::none) << "the kernel takes it: nobody knows yet";
        ASSERT_TRUE(rt::sleep_until(loop, in(seconds(1))));
        EXPECT_EQ(read(*stream, 1).second, Fault::reset);
    });
}

TEST_F(SimNetTest, NothingArrivesAfterTheClientHasClosed) {
    std::string heard;
    server.on_bytes = [&](SimConnection& connection, std::string_view bytes) {
        heard += bytes;
        connection.send("late", seconds(1));
    };
    run([&] {
        const auto stream = connect();
        ASSERT_EQ(write(*stream, "bye"), Fault::none);
        stream->close();
        EXPECT_EQ(read(*stream, 1).second, Fault::closed);
    });
    EXPECT_EQ(heard, "bye");
    EXPECT_EQ(server.closed, 1);
}

TEST_F(SimNetTest, ACancelledFiberStopsReading) {
    Fault fault = Fault::none;
    rt::Fiber reader(loop, stacks, rt::io_stack_bytes, [&] {
        const auto stream = connect();
        fault = read(*stream, 1, std::chrono::hours(1)).second;
    });
    reader.start();
    loop.run_until(in(seconds(1)));
    reader.cancel();
    loop.run();
    EXPECT_EQ(fault, Fault::cancelled);
}

TEST(SimNet, TheSameSeedGivesTheSameRun) {
    const auto arrivals = [](std::uint64_t seed) {
        rt::SimLoop loop;
        rt::StackPool stacks;
        Scripted server;
        server.on_bytes = [](SimConnection& connection, std::string_view) { connection.send("x"); };
        SimNet net(loop, seed, {.one_way = milliseconds(1), .jitter = milliseconds(5)});
        net.serve("a", 80, server);
        SimDialer dialer(net);
        std::vector<Instant> seen;
        rt::Fiber fiber(loop, stacks, rt::io_stack_bytes, [&] {
            for (int i = 0; i < 100; ++i) {
                auto dialed = dialer.dial({.host = "a", .port = 80}, base::never);
                Stream& stream = *std::get<Dialed>(dialed).stream;
                std::byte one{};
                static_cast<void>(stream.write(std::span(&one, 1), base::never));
                static_cast<void>(stream.read(std::span(&one, 1), base::never));
                seen.push_back(loop.now());
            }
        });
        fiber.start();
        loop.run();
        return seen;
    };
    EXPECT_EQ(arrivals(5).size(), 100U);
    EXPECT_EQ(arrivals(5), arrivals(5));
    EXPECT_NE(arrivals(5), arrivals(6));
}

}  // namespace
}  // namespace weir::net

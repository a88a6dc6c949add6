#include "net/tcp_stream.h"

#include <string>

#include <gtest/gtest.h>

#include "net/testing/loopback.h"

namespace weir::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::bytes_of;
using testing::Loopback;
using testing::read_text;

const IpAddress home = *IpAddress::parse("127.0.0.1");

struct TcpStreamTest : ::testing::Test {
    std::unique_ptr<TcpStream> connect(std::uint16_t port) {
        auto made = TcpStream::connect(net.loop, {home, port}, std::nullopt, net.in(seconds(10)));
        if (auto* const failure = std::get_if<Failure>(&made)) {
            ADD_FAILURE() << failure->text;
            return nullptr;
        }
        return std::move(std::get<0>(made));
    }
    Failure fail_to_connect(std::uint16_t port, base::Instant deadline) {
        auto made = TcpStream::connect(net.loop, {home, port}, std::nullopt, deadline);
        return made.index() == 1 ? std::get<Failure>(made) : Failure{};
    }
    Loopback net;
};

TEST_F(TcpStreamTest, CarriesBytesBothWays) {
    const auto port = net.serve([&](TcpStream& client, int) {
        const auto [text, fault] = read_text(client, 5, base::never);
        static_cast<void>(client.write(bytes_of(text + " back"), base::never));
    });
    net.run([&] {
        const auto stream = connect(port);
        ASSERT_NE(stream, nullptr);
        EXPECT_EQ(stream->peer().ip, "127.0.0.1");
        EXPECT_EQ(stream->peer().port, port);
        const IoResult sent = stream->write(bytes_of("hello"), net.in(seconds(10)));
        EXPECT_EQ(sent.bytes, 5U);
        EXPECT_EQ(sent.fault, Fault::none);
        EXPECT_EQ(read_text(*stream, 10, net.in(seconds(10))).first, "hello back");
        EXPECT_EQ(read_text(*stream, 1, net.in(seconds(10))).second, Fault::closed);
    });
}

TEST_F(TcpStreamTest, RefusedConnectionsSayWhere) {
    const auto port = Loopback::refusing_port();
    net.run([&] {
        const Failure failure = fail_to_connect(port, net.in(seconds(10)));
        EXPECT_EQ(failure.fault, Fault::connection_refused);
        EXPECT_EQ(failure.text,
                  "connecting to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
    });
}

TEST_F(TcpStreamTest, AServerThatNeverAcceptsIsGivenUpAtTheDeadline) {
    // A full backlog: Linux drops further handshakes, as a host that does not answer would.
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(listen(listener, 0), 0);
    socklen_t length = sizeof address;
    ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
    const std::uint16_t port = ntohs(address.sin_port);
    net.run([&] {
        const auto fills_the_backlog = connect(port);
        const Failure failure = fail_to_connect(port, net.in(milliseconds(20)));
        EXPECT_EQ(failure.fault, Fault::dial_timed_out);
    });
    ::close(listener);
}

TEST_F(TcpStreamTest, ReadEndsAtItsDeadlineAndTheStreamStaysUsable) {
    rt::Baton asked(net.loop);
    const auto port = net.serve([&](TcpStream& client, int) {
        static_cast<void>(asked.wait());
        static_cast<void>(client.write(bytes_of("late"), base::never));
        static_cast<void>(read_text(client, 1, base::never));
    });
    net.run([&] {
        const auto stream = connect(port);
        EXPECT_EQ(read_text(*stream, 4, net.in(milliseconds(5))).second, Fault::timed_out);
        asked.post();
        EXPECT_EQ(read_text(*stream, 4, net.in(seconds(10))).first, "late");
    });
}

TEST_F(TcpStreamTest, APastDeadlineTakesWhatIsThereWithoutParking) {
    const auto port = net.serve([&](TcpStream& client, int) {
        static_cast<void>(client.write(bytes_of("now"), base::never));
        static_cast<void>(read_text(client, 1, base::never));
    });
    net.run([&] {
        const auto stream = connect(port);
        ASSERT_EQ(stream->wait_readable(net.in(seconds(10))), Fault::none);
        EXPECT_EQ(read_text(*stream, 3, base::instant_min).first, "now");
        EXPECT_EQ(read_text(*stream, 1, base::instant_min).second, Fault::timed_out);
    });
}

TEST_F(TcpStreamTest, AResetIsAReset) {
    const auto port = net.serve([&](TcpStream& client, int) {
        static_cast<void>(client.wait_readable(base::never));
        client.close();  // with unread bytes: the kernel resets the connection
    });
    net.run([&] {
        const auto stream = connect(port);
        static_cast<void>(stream->write(bytes_of("unread"), net.in(seconds(10))));
        EXPECT_EQ(read_text(*stream, 1, net.in(seconds(10))).second, Fault::reset);
        EXPECT_EQ(stream->fault_text(), "Connection reset by peer");
        EXPECT_EQ(stream->write(bytes_of("more"), net.in(seconds(10))).fault, Fault::reset);
        EXPECT_FALSE(stream->reusable());
    });
}

TEST_F(TcpStreamTest, ATrickleArrivesWhole) {
    const std::string message(200, 't');
    const auto port = net.serve([&](TcpStream& client, int) {
        for (const char& c : message) {
            static_cast<void>(client.write(bytes_of({&c, 1}), base::never));
            if (!rt::sleep_until(net.loop, net.in(std::chrono::microseconds(50)))) return;
        }
    });
    net.run([&] {
        const auto stream = connect(port);
        EXPECT_EQ(read_text(*stream, message.size(), net.in(seconds(10))).first, message);
        EXPECT_EQ(read_text(*stream, 1, net.in(seconds(10))).second, Fault::closed);
    });
}

TEST_F(TcpStreamTest, BytesSentJustBeforeTheEndAreNotLost) {
    const auto port = net.serve([&](TcpStream& client, int) {
        static_cast<void>(client.write(bytes_of(std::string(10000, 'e')), base::never));
    });
    net.run([&] {
        const auto stream = connect(port);
        ASSERT_TRUE(rt::sleep_until(net.loop, net.in(milliseconds(2))));
        EXPECT_FALSE(stream->reusable());
        const auto [text, fault] = read_text(*stream, 20000, net.in(seconds(10)));
        EXPECT_EQ(text.size(), 10000U);
        EXPECT_EQ(fault, Fault::closed);
    });
}

TEST_F(TcpStreamTest, ALargeWriteWaitsForASlowReader) {
    const std::string body(8 * 1024 * 1024, 'b');
    std::size_t received = 0;
    const auto port = net.serve([&](TcpStream& client, int) {
        received = read_text(client, body.size(), base::never).first.size();
        static_cast<void>(client.write(bytes_of("!"), base::never));
    });
    net.run([&] {
        const auto stream = connect(port);
        const IoResult sent = stream->write(bytes_of(body), net.in(seconds(30)));
        EXPECT_EQ(sent.bytes, body.size());
        EXPECT_EQ(read_text(*stream, 1, net.in(seconds(30))).first, "!");
    });
    EXPECT_EQ(received, body.size());
}

TEST_F(TcpStreamTest, AWriteToAReaderThatHangsEndsAtItsDeadline) {
    const auto port = net.serve(
        [&](TcpStream&, int) { static_cast<void>(rt::sleep_until(net.loop, base::never)); });
    net.run([&] {
        const auto stream = connect(port);
        const std::string body(64 * 1024 * 1024, 'b');
        const IoResult sent = stream->write(bytes_of(body), net.in(milliseconds(50)));
        EXPECT_EQ(sent.fault, Fault::timed_out);
        EXPECT_GT(sent.bytes, 0U);
        EXPECT_LT(sent.bytes, body.size());
    });
}

TEST_F(TcpStreamTest, CancelEndsAReadAtOnce) {
    const auto port = net.serve(
        [&](TcpStream& client, int) { static_cast<void>(read_text(client, 1, base::never)); });
    Fault fault = Fault::none;
    rt::Fiber* reader = nullptr;
    rt::Baton reading(net.loop);
    reader = &net.spawn([&] {
        const auto stream = connect(port);
        reading.post();
        fault = read_text(*stream, 1, base::never).second;
        net.loop.stop();
    });
    net.spawn([&] {
        static_cast<void>(reading.wait());
        reader->cancel();
    });
    net.loop.run();
    EXPECT_EQ(fault, Fault::cancelled);
}

TEST_F(TcpStreamTest, IsReusableOnlyWhileIdleAndOpen) {
    rt::Baton speak(net.loop);
    const auto port = net.serve([&](TcpStream& client, int) {
        static_cast<void>(client.write(bytes_of("1234"), base::never));
        static_cast<void>(speak.wait());
        static_cast<void>(client.write(bytes_of("x"), base::never));
        static_cast<void>(speak.wait());
    });
    net.run([&] {
        const auto stream = connect(port);
        std::array<std::byte, 4> exactly{};
        ASSERT_EQ(stream->read(exactly, net.in(seconds(10))).bytes, 4U);
        EXPECT_TRUE(stream->reusable()) << "a read that filled its buffer leaves nothing";
        EXPECT_TRUE(stream->reusable());
        speak.post();
        ASSERT_EQ(stream->wait_readable(net.in(seconds(10))), Fault::none);
        EXPECT_FALSE(stream->reusable()) << "unasked-for bytes";
        EXPECT_EQ(read_text(*stream, 1, net.in(seconds(10))).first, "x");
        EXPECT_TRUE(stream->reusable());
        speak.post();
        ASSERT_EQ(stream->wait_readable(net.in(seconds(10))), Fault::none);
        EXPECT_FALSE(stream->reusable()) << "the server has ended it";
        stream->close();
        EXPECT_FALSE(stream->reusable());
        EXPECT_EQ(read_text(*stream, 1, net.in(seconds(10))).second, Fault::closed);
    });
}

TEST_F(TcpStreamTest, WritesAfterThePeerHasStoppedSendingStillArrive) {
    std::string heard;
    const auto port = net.serve(
        [&](TcpStream& client, int) { heard = read_text(client, 1 << 20, base::never).first; });
    net.run([&] {
        const auto stream = connect(port);
        const std::string body(1 << 20, 'h');
        EXPECT_EQ(stream->write(bytes_of(body), net.in(seconds(10))).bytes, body.size());
        EXPECT_EQ(read_text(*stream, 1, net.in(seconds(10))).second, Fault::closed);
    });
    EXPECT_EQ(heard.size(), 1U << 20);
}

TEST_F(TcpStreamTest, ConnectsFromTheLocalAddressItIsGiven) {
    const auto port = net.serve(
        [&](TcpStream& client, int) { static_cast<void>(read_text(client, 1, base::never)); });
    net.run([&] {
        const auto local = IpAddress::parse("127.0.0.2");
        auto made = TcpStream::connect(net.loop, {home, port}, local, net.in(seconds(10)));
        EXPECT_EQ(made.index(), 0U);
        const auto nowhere = IpAddress::parse("203.0.113.1");
        made = TcpStream::connect(net.loop, {home, port}, nowhere, net.in(seconds(10)));
        ASSERT_EQ(made.index(), 1U);
        EXPECT_EQ(std::get<Failure>(made).fault, Fault::no_local_resource);
    });
}

}  // namespace
}  // namespace weir::net

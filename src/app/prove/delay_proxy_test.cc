#include "app/prove/delay_proxy.h"

#include <functional>
#include <future>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/prove/loopback.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

/// Accepts one connection on a port of its own and lets `serve` talk on it.
class OneConnection {
public:
    explicit OneConnection(std::function<void(int)> serve)
        : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
        auto address = loopback(0);
        socklen_t size = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(bind(listener_, raw, size), 0);
        EXPECT_EQ(listen(listener_, 1), 0);
        EXPECT_EQ(getsockname(listener_, raw, &size), 0);
        port = ntohs(address.sin_port);
        thread_ = std::thread([this, serve = std::move(serve)] {
            const int accepted = accept(listener_, nullptr, nullptr);
            serve(accepted);
            close(accepted);
        });
    }
    ~OneConnection() {
        thread_.join();
        close(listener_);
    }
    OneConnection(const OneConnection&) = delete;
    OneConnection& operator=(const OneConnection&) = delete;

    std::uint16_t port = 0;

private:
    int listener_;
    std::thread thread_;
};

int connected_to(std::uint16_t port) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    const auto address = loopback(port);
    EXPECT_EQ(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return client;
}

/// All until the other side closes, or `size` bytes.
std::string read_from(int socket, std::size_t size = std::string::npos) {
    std::string got;
    char bytes[4096];
    while (got.size() < size) {
        const auto count = recv(socket, bytes, std::min(sizeof bytes, size - got.size()), 0);
        if (count <= 0) break;
        got.append(bytes, static_cast<std::size_t>(count));
    }
    return got;
}

void say(int socket, const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
        const auto count = send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        ASSERT_GT(count, 0);
        sent += static_cast<std::size_t>(count);
    }
}

base::Nanos time_of(const std::function<void()>& work) {
    const rt::SystemClock clock;
    const auto begun = clock.now();
    work();
    return clock.now() - begun;
}

TEST(DelayProxy, AddsItsDelayToEachAnswersOwnTime) {
    constexpr auto own = 60ms;
    constexpr auto delay = 50ms;
    const OneConnection server([&](int client) {
        while (read_from(client, 4) == "ask.") {
            std::this_thread::sleep_for(own);
            say(client, "answer");
        }
    });
    const auto proxy = DelayProxy::start("127.0.0.1", server.port, delay);
    ASSERT_TRUE(proxy.ok()) << proxy.error().text;
    const int client = connected_to(proxy.value()->port());
    for (int i = 0; i < 3; ++i) {
        const auto took = time_of([client] {
            say(client, "ask.");
            EXPECT_EQ(read_from(client, 6), "answer");
        });
        EXPECT_GE(took, own + delay);
    }
    close(client);
}

TEST(DelayProxy, PassesEveryByteOnAndTheEndToo) {
    std::string body;
    for (int i = 0; i < 300'000; ++i) body += std::to_string(i);
    const OneConnection server([&body](int client) {
        EXPECT_EQ(read_from(client, body.size()), body);
        say(client, body);
    });
    const auto proxy = DelayProxy::start("localhost", server.port, 1ms);
    ASSERT_TRUE(proxy.ok()) << proxy.error().text;
    const int client = connected_to(proxy.value()->port());
    say(client, body);
    EXPECT_EQ(read_from(client), body);
    close(client);
}

TEST(DelayProxy, ATargetThatIsGoneIsAClosedConnection) {
    std::uint16_t free_port = 0;
    {
        const OneConnection server([](int) {});
        free_port = server.port;
        close(connected_to(free_port));
    }
    const auto proxy = DelayProxy::start("127.0.0.1", free_port, 1ms);
    ASSERT_TRUE(proxy.ok()) << proxy.error().text;
    const int client = connected_to(proxy.value()->port());
    EXPECT_EQ(read_from(client), "");
    close(client);
    EXPECT_FALSE(DelayProxy::start("no-such-host.invalid", 80, 1ms).ok());
}

TEST(DelayProxy, CanBeDroppedWhileItHoldsAnAnswerBack) {
    std::promise<void> answered;
    const OneConnection server([&answered](int client) {
        EXPECT_EQ(read_from(client, 4), "ask.");
        say(client, "answer");
        answered.set_value();
        EXPECT_EQ(read_from(client), "");
    });
    auto proxy = DelayProxy::start("127.0.0.1", server.port, 1h);
    ASSERT_TRUE(proxy.ok()) << proxy.error().text;
    const int client = connected_to(proxy.value()->port());
    say(client, "ask.");
    answered.get_future().wait();
    { const auto dropped = std::move(proxy).value(); }
    EXPECT_EQ(read_from(client), "");
    close(client);
}

}  // namespace
}  // namespace weir::app

// Loopback: for tests: a server of fibers on 127.0.0.1, on the same loop as the client under test.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "net/tcp_stream.h"
#include "rt/fiber.h"

namespace weir::net::testing {

/// Owns the loop. `run` drives a client body to its end, then ends every server fiber.
class Loopback {
public:
    using Handler = std::function<void(TcpStream& client, int nth)>;

    ~Loopback() { finish(); }

    /// Listens on a free port and handles each connection on a fiber. Returns the port.
    std::uint16_t serve(Handler handler) {
        const int listener = listen_on_free_port();
        sockaddr_in address{};
        socklen_t length = sizeof address;
        CHECK(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) == 0);
        spawn([this, listener, handler = std::move(handler)] { accept_all(listener, handler); });
        return ntohs(address.sin_port);
    }

    /// A port that was free a moment ago: connecting to it is refused.
    static std::uint16_t refusing_port() {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        socklen_t length = sizeof address;
        CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0);
        ::close(fd);
        return ntohs(address.sin_port);
    }

    rt::Fiber& spawn(rt::Fiber::Body body) {
        fibers_.push_back(
            std::make_unique<rt::Fiber>(loop, stacks, rt::io_stack_bytes, std::move(body)));
        fibers_.back()->start();
        return *fibers_.back();
    }

    void run(rt::Fiber::Body client) {
        spawn([this, body = std::move(client)] {
            body();
            loop.stop();
        });
        loop.run();
    }

    [[nodiscard]] base::Instant in(base::Nanos wait) const { return loop.clock().now() + wait; }

    rt::EpollLoop loop;
    rt::StackPool stacks;

private:
    void finish() {
        for (std::size_t i = 0; i < fibers_.size(); ++i) fibers_[i]->cancel();
        loop.run();
    }

    static int listen_on_free_port() {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        CHECK(listen(fd, 128) == 0);
        return fd;
    }

    void accept_all(int listener, const Handler& handler) {
        rt::Readiness ready(loop);
        CHECK(ready.add(listener));
        int nth = 0;
        while (ready.wait_readable(base::never) == rt::Wake::posted) {
            sockaddr_storage from{};
            socklen_t length = sizeof from;
            const int fd = accept4(listener, reinterpret_cast<sockaddr*>(&from), &length,
                                   SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) {
                ready.drained();
                continue;
            }
            const Endpoint peer = Endpoint::from_socket(from).value_or(Endpoint{});
            spawn([this, fd, peer, &handler, number = nth++] {
                TcpStream client(loop, fd, peer);
                handler(client, number);
            });
        }
        ready.remove();
        ::close(listener);
    }

    std::vector<std::unique_ptr<rt::Fiber>> fibers_;
};

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

/// Reads until `count` bytes are here or the stream faults.
inline std::pair<std::string, Fault> read_text(Stream& stream,
                                               std::size_t count,
                                               base::Instant deadline) {
    std::string text;
    std::vector<std::byte> buffer(4096);
    while (text.size() < count) {
        const IoResult got = stream.read(buffer, deadline);
        text.append(reinterpret_cast<const char*>(buffer.data()), got.bytes);
        if (got.fault != Fault::none) return {text, got.fault};
    }
    return {text, Fault::none};
}

/// Up to and with the blank line that ends an HTTP head.
inline std::string read_head(Stream& stream, base::Instant deadline) {
    std::string text;
    std::byte one{};
    while (!text.ends_with("\r\n\r\n")) {
        if (stream.read(std::span(&one, 1), deadline).fault != Fault::none) break;
        text.push_back(static_cast<char>(one));
    }
    return text;
}

}  // namespace weir::net::testing

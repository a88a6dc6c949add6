#include "app/prove/delay_proxy.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <thread>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/prove/loopback.h"
#include "base/format.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

base::Instant now() {
    return rt::SystemClock().now();
}

/// Owns a file descriptor.
class Socket {
public:
    explicit Socket(int number = -1) noexcept : number_(number) {}
    ~Socket() {
        if (number_ >= 0) close(number_);
    }
    Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

bool send_all(const Socket& to, const char* bytes, std::size_t size) {
    while (size > 0) {
        const auto sent = send(to.number(), bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Socket connect_to(const addrinfo* addresses) {
    for (const addrinfo* each = addresses; each != nullptr; each = each->ai_next) {
        Socket socket(::socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const int yes = 1;
        setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (connect(socket.number(), each->ai_addr, each->ai_addrlen) == 0) return socket;
    }
    return Socket();
}

constexpr int glance_ms = 100;  // how long a stop may go unseen

}  // namespace

struct DelayProxy::State {
    void accept_all();
    void pass_on(Socket client);
    [[nodiscard]] bool hold_back() const;

    Addresses target;
    base::Nanos delay{};
    Socket listener;
    std::uint16_t port = 0;
    std::atomic<bool> over = false;
    std::list<std::thread> connections;  // of the accepting thread alone
    std::thread accepting;
};

/// On top of the time that the target took itself. False when it is over.
bool DelayProxy::State::hold_back() const {
    const auto until = now() + delay;
    while (!over && now() < until) {
        constexpr base::Nanos most = std::chrono::milliseconds(glance_ms);
        std::this_thread::sleep_for(std::min(most, until - now()));
    }
    return !over;
}

void DelayProxy::State::pass_on(Socket client) {
    const Socket server = connect_to(target.get());
    if (server.number() < 0) return;
    std::array<char, 64UL * 1024> bytes;
    std::array<pollfd, 2> watched{pollfd{client.number(), POLLIN, 0},
                                  pollfd{server.number(), POLLIN, 0}};
    bool held = false;  // the answer to what was asked is still to be held back
    while (!over) {
        if (poll(watched.data(), watched.size(), glance_ms) < 0 && errno != EINTR) return;
        if (watched[0].revents != 0) {
            const auto got = recv(client.number(), bytes.data(), bytes.size(), 0);
            if (got <= 0 || !send_all(server, bytes.data(), static_cast<std::size_t>(got))) return;
            held = true;
        }
        if (watched[1].revents == 0) continue;
        const auto got = recv(server.number(), bytes.data(), bytes.size(), 0);
        if (got <= 0 || (held && !hold_back())) return;
        held = false;
        if (!send_all(client, bytes.data(), static_cast<std::size_t>(got))) return;
    }
}

void DelayProxy::State::accept_all() {
    pollfd watched{listener.number(), POLLIN, 0};
    while (!over) {
        if (poll(&watched, 1, glance_ms) <= 0) continue;
        Socket client(accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (client.number() < 0) continue;
        const int yes = 1;
        setsockopt(client.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connections.emplace_back(
            [this, client = std::move(client)]() mutable { pass_on(std::move(client)); });
    }
    for (auto& each : connections) each.join();
}

base::Result<std::unique_ptr<DelayProxy>> DelayProxy::start(const std::string& host,
                                                            std::uint16_t port,
                                                            base::Nanos delay) {
    const auto trouble = [&](const char* why) {
        return base::Error{base::Code::io, base::format("a proxy for {}:{}: {}", host, port, why)};
    };
    auto state = std::make_unique<State>();
    state->delay = delay;
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int looked = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (looked != 0) return trouble(gai_strerror(looked));
    state->target.reset(found);
    state->listener = Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto address = loopback(0);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    const int listener = state->listener.number();
    if (bind(listener, plain, size) != 0 || listen(listener, SOMAXCONN) != 0 ||
        getsockname(listener, plain, &size) != 0) {
        return trouble(std::strerror(errno));
    }
    state->port = ntohs(address.sin_port);
    state->accepting = std::thread([own = state.get()] { own->accept_all(); });
    return std::unique_ptr<DelayProxy>(new DelayProxy(std::move(state)));
}

DelayProxy::DelayProxy(std::unique_ptr<State> state) : state_(std::move(state)) {}

DelayProxy::~DelayProxy() {
    state_->over = true;
    state_->accepting.join();
}

std::uint16_t DelayProxy::port() const noexcept {
    return state_->port;
}

}  // namespace weir::app

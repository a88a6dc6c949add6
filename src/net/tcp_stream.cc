#include "net/tcp_stream.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/format.h"

namespace weir::net {
namespace {

/// A descriptor that is closed unless it was handed on.
class OwnedFd {
public:
    explicit OwnedFd(int fd) noexcept : fd_(fd) {}
    ~OwnedFd() {
        if (fd_ >= 0) ::close(fd_);
    }
    OwnedFd(const OwnedFd&) = delete;
    OwnedFd& operator=(const OwnedFd&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
};

std::string errno_text(int error) {
    return std::generic_category().message(error);
}

Fault connect_fault(int error) noexcept {
    switch (error) {
        case ECONNREFUSED:
            return Fault::connection_refused;
        case ETIMEDOUT:
            return Fault::dial_timed_out;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
        case EADDRNOTAVAIL:  // every local port to this peer is in use
            return Fault::no_local_resource;
        default:
            return Fault::dial_failed;
    }
}

Failure connect_failure(const Endpoint& to, int error) {
    std::string text = base::format("connecting to {}: {}", to.text(), errno_text(error));
    if (error == EADDRNOTAVAIL) text += " (no local port or address is free)";
    if (error == EMFILE) text += " (raise the limit on open files: ulimit -n)";
    return {connect_fault(error), std::move(text)};
}

Failure wait_failure(const Endpoint& to, rt::Wake wake) {
    if (wake == rt::Wake::cancelled) {
        return {Fault::cancelled, base::format("connecting to {}: cancelled", to.text())};
    }
    return {Fault::dial_timed_out, base::format("connecting to {}: no answer in time", to.text())};
}

int bind_local(int fd, const IpAddress& local) noexcept {
    // Ports are chosen at connect(), per peer: else a local address runs out after 28,000 of them.
    const int on = 1;
    static_cast<void>(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on));
    sockaddr_storage address{};
    const socklen_t length = Endpoint{local, 0}.to_socket(address);
    return bind(fd, reinterpret_cast<const sockaddr*>(&address), length) == 0 ? 0 : errno;
}

int socket_error(int fd) noexcept {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

}  // namespace

std::variant<std::unique_ptr<TcpStream>, Failure> TcpStream::connect(
    rt::EpollLoop& loop,
    const Endpoint& to,
    const std::optional<IpAddress>& local,
    base::Instant deadline) {
    OwnedFd fd(
        socket(to.ip.v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (fd.get() < 0) return connect_failure(to, errno);
    if (local && local->v6() == to.ip.v6()) {
        if (const int error = bind_local(fd.get(), *local); error != 0) {
            return Failure{Fault::no_local_resource,
                           base::format("connecting to {} from {}: {}", to.text(), local->text(),
                                        errno_text(error))};
        }
    }
    sockaddr_storage address{};
    const socklen_t length = to.to_socket(address);
    const int begun = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), length);
    if (begun != 0 && errno != EINPROGRESS) return connect_failure(to, errno);

    auto stream = std::make_unique<TcpStream>(loop, fd.release(), to);
    if (!stream->fault_text_.empty()) {
        return Failure{Fault::no_local_resource, stream->fault_text_};
    }
    const rt::Wake wake = stream->ready_.wait_writable(deadline);
    if (wake != rt::Wake::posted) return wait_failure(to, wake);
    if (const int error = socket_error(stream->fd_); error != 0) return connect_failure(to, error);
    return stream;
}

TcpStream::TcpStream(rt::EpollLoop& loop, int connected, const Endpoint& peer)
    : fd_(connected), ready_(loop), peer_{peer.ip.text(), peer.port} {
    const int on = 1;
    static_cast<void>(setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    if (!ready_.add(fd_)) fault_text_ = "watching a socket: " + errno_text(errno);
}

TcpStream::~TcpStream() {
    close();
}

void TcpStream::close() noexcept {
    if (fd_ < 0) return;
    ready_.remove();
    ::close(std::exchange(fd_, -1));
}

Fault TcpStream::fail(int error) {
    fault_text_ = errno_text(error);
    return error == ECONNRESET || error == EPIPE ? Fault::reset : Fault::io;
}

Fault TcpStream::wait_readable(base::Instant deadline) {
    if (fd_ < 0) return Fault::closed;
    switch (ready_.wait_readable(deadline)) {
        case rt::Wake::posted:
            return Fault::none;
        case rt::Wake::timed_out:
            return Fault::timed_out;
        case rt::Wake::cancelled:
            break;
    }
    return Fault::cancelled;
}

IoResult TcpStream::read(std::span<std::byte> into, base::Instant deadline) {
    CHECK(!into.empty());
    while (true) {
        if (const Fault fault = wait_readable(deadline); fault != Fault::none) return {0, fault};
        const ssize_t got = recv(fd_, into.data(), into.size(), 0);
        if (got > 0) {
            const auto bytes = static_cast<std::size_t>(got);
            if (bytes < into.size()) ready_.drained();
            return {bytes, Fault::none};
        }
        if (got == 0) return {0, Fault::closed};
        if (errno == EAGAIN && !ready_.ended()) {
            ready_.drained();
        } else if (errno != EINTR) {
            return {0, fail(errno)};
        }
    }
}

IoResult TcpStream::write(std::span<const std::byte> from, base::Instant deadline) {
    std::size_t sent = 0;
    if (fd_ < 0) return {0, Fault::closed};
    while (sent < from.size()) {
        const rt::Wake wake = ready_.wait_writable(deadline);
        if (wake != rt::Wake::posted) {
            return {sent, wake == rt::Wake::cancelled ? Fault::cancelled : Fault::timed_out};
        }
        const ssize_t count = send(fd_, from.data() + sent, from.size() - sent, MSG_NOSIGNAL);
        if (count >= 0) {
            sent += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN && ready_.writable()) {
            ready_.filled();
        } else if (errno != EINTR) {
            return {sent, fail(errno)};
        }
    }
    return {sent, Fault::none};
}

bool TcpStream::reusable() {
    if (fd_ < 0 || ready_.ended()) return false;
    if (!ready_.readable()) return true;
    // Either a read filled its buffer to the brim and nothing is left, or unasked-for bytes are
    // here.
    std::byte one{};
    if (recv(fd_, &one, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN) return false;
    ready_.drained();
    return true;
}

}  // namespace weir::net

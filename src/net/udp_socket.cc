#include "net/udp_socket.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include "base/format.h"

namespace weir::net {

base::Error UdpSocket::error_of(int number) const {
    if (number == ECONNREFUSED) {
        return {base::Code::io, base::format("nobody listens at udp {}", to_)};
    }
    return {base::Code::io,
            base::format("sending to udp {}: {}", to_, std::generic_category().message(number))};
}

base::Result<std::unique_ptr<UdpSocket>> UdpSocket::connect(const Endpoint& to) {
    const int family = to.ip.v6() ? AF_INET6 : AF_INET;
    const int fd = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    std::unique_ptr<UdpSocket> made(new UdpSocket(fd, to.text()));
    if (fd < 0) return made->error_of(errno);
    sockaddr_storage address{};
    const socklen_t length = to.to_socket(address);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), length) != 0) {  // NOLINT
        return made->error_of(errno);
    }
    return made;
}

UdpSocket::~UdpSocket() {
    if (fd_ >= 0) ::close(fd_);
}

base::Result<UdpSocket::Sent> UdpSocket::send(std::string_view datagram) {
    const auto sent = ::send(fd_, datagram.data(), datagram.size(), MSG_NOSIGNAL);
    if (sent >= 0) return Sent::yes;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) return Sent::later;
    return error_of(errno);
}

base::Result<void> UdpSocket::complaint() {
    int number = 0;
    socklen_t length = sizeof number;
    if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &number, &length) != 0 || number == 0) return {};
    return error_of(number);
}

}  // namespace weir::net

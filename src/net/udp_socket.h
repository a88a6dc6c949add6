// UdpSocket: datagrams to one address, and what the network says of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/address.h"

namespace weir::net {

/// Never waits.
class UdpSocket {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<UdpSocket>> connect(const Endpoint& to);
    ~UdpSocket();
    UdpSocket(const UdpSocket&) = delete;
    UdpSocket& operator=(const UdpSocket&) = delete;

    enum class Sent { yes, later };  // later: the kernel has no room now
    /// The error is that of an earlier datagram as often as of this one: "connection refused" means
    /// that nobody listened for it (RFC 1122 §4.1.3.3).
    [[nodiscard]] base::Result<Sent> send(std::string_view datagram);
    /// What came back of datagrams sent so far; asking forgets it.
    [[nodiscard]] base::Result<void> complaint();

private:
    UdpSocket(int fd, std::string to) : fd_(fd), to_(std::move(to)) {}
    [[nodiscard]] base::Error error_of(int number) const;

    int fd_;
    std::string to_;
};

}  // namespace weir::net

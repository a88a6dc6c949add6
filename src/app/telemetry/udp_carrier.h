// UdpCarrier: parcels as datagrams, a few at a time, so that the receiver can follow.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "app/telemetry/carrier.h"
#include "base/result.h"
#include "net/resolver.h"
#include "net/udp_socket.h"
#include "rt/epoll_loop.h"

namespace weir::app {

class UdpCarrier final : public Carrier {
public:
    /// `address`: "host:port", "127.0.0.1:8125", "[::1]:8125"; 8125 when there is no port.
    [[nodiscard]] static base::Result<std::unique_ptr<UdpCarrier>> make(rt::EpollLoop& loop,
                                                                        const std::string& address);
    /// All or none: a datagram that nobody took is known only by those after it.
    [[nodiscard]] Carried carry(std::span<const telemetry::Parcel> parcels,
                                base::Instant deadline) override;

private:
    UdpCarrier(rt::EpollLoop& loop, std::string host, std::uint16_t port)
        : loop_(loop), host_(std::move(host)), port_(port) {}
    [[nodiscard]] base::Result<void> connect(base::Instant deadline);
    [[nodiscard]] base::Result<void> send(std::span<const telemetry::Parcel> parcels,
                                          base::Instant deadline);

    rt::EpollLoop& loop_;
    std::string host_;
    std::uint16_t port_;
    std::unique_ptr<net::Resolver> resolver_;
    std::unique_ptr<net::UdpSocket> socket_;
};

}  // namespace weir::app

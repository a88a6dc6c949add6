#include "app/telemetry/udp_carrier.h"

#include <utility>
#include <variant>

#include "base/format.h"
#include "rt/baton.h"

namespace weir::app {
namespace {

constexpr std::uint16_t usual_port = 8125;
/// Receivers' buffers are small: a burst of so many, then a little pause.
constexpr std::size_t burst = 16;
constexpr base::Nanos breath = std::chrono::milliseconds(1);
/// So soon a machine of the same network says that nobody listens.
constexpr base::Nanos echo = std::chrono::milliseconds(20);

}  // namespace

base::Result<std::unique_ptr<UdpCarrier>> UdpCarrier::make(rt::EpollLoop& loop,
                                                           const std::string& address) {
    std::string host = address;
    std::uint16_t port = usual_port;
    if (const auto literal = net::Endpoint::parse(address)) {
        host = literal->ip.text();
        if (literal->port != 0) port = literal->port;
    } else if (const auto colon = address.rfind(':'); colon != std::string::npos) {
        const auto said = net::parse_port(std::string_view(address).substr(colon + 1));
        if (!said || *said == 0) {
            return base::Error{base::Code::invalid,
                               base::format("statsd wants host:port, not '{}'", address)};
        }
        host = address.substr(0, colon);
        port = *said;
    }
    if (host.empty() || host.find('/') != std::string::npos) {
        return base::Error{base::Code::invalid,
                           base::format("statsd wants host:port, not '{}'", address)};
    }
    std::unique_ptr<UdpCarrier> made(new UdpCarrier(loop, std::move(host), port));
    TRY(made->resolver_, net::Resolver::make(loop, {}));
    return made;
}

base::Result<void> UdpCarrier::connect(base::Instant deadline) {
    if (socket_) return {};
    auto ip = net::IpAddress::parse(host_);
    if (!ip) {
        auto found = resolver_->lookup(host_, deadline);
        if (const auto* failure = std::get_if<net::Failure>(&found)) {
            return base::Error{base::Code::io, failure->text};
        }
        ip = std::get<net::Resolver::Addresses>(found).front();
    }
    TRY(socket_, net::UdpSocket::connect({*ip, port_}));
    return {};
}

base::Result<void> UdpCarrier::send(std::span<const telemetry::Parcel> parcels,
                                    base::Instant deadline) {
    TRY_VOID(connect(deadline));
    (void)socket_->complaint();  // of what was sent long ago
    std::size_t sent = 0;
    for (const auto& parcel : parcels) {
        if (parcel.body.empty()) continue;
        for (bool done = false; !done;) {
            TRY(const auto answer, socket_->send(parcel.body));
            done = answer == net::UdpSocket::Sent::yes;
            sent += done ? 1 : 0;
            if (done && sent % burst != 0) continue;
            const base::Instant next = loop_.clock().now() + breath;
            if (next >= deadline || !rt::sleep_until(loop_, next)) {
                return base::Error{base::Code::timeout, "there was no time to send it all"};
            }
        }
    }
    if (sent == 0) return {};
    (void)rt::sleep_until(loop_, loop_.clock().now() + echo);
    return socket_->complaint();
}

Carried UdpCarrier::carry(std::span<const telemetry::Parcel> parcels, base::Instant deadline) {
    const auto sent = send(parcels, deadline);
    if (sent.ok()) {
        return {.end = Carried::End::all, .parcels = parcels.size(), .words = {}, .wait = {}};
    }
    socket_.reset();
    return {.end = Carried::End::missed, .parcels = 0, .words = sent.error().text, .wait = {}};
}

}  // namespace weir::app

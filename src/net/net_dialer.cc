#include "net/net_dialer.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "net/proxy_tunnel.h"
#include "net/tcp_stream.h"

namespace weir::net {
namespace {

using base::Code;
using base::Error;
using base::Instant;
using base::Nanos;
using base::Result;

constexpr std::size_t local_ips_max = 65536;
/// An address that does not answer leaves this much to those after it, as Go's dialer does.
constexpr Nanos address_patience_min = std::chrono::seconds(2);

Instant earlier(Instant deadline, Instant from, Nanos limit) {
    return deadline - from > limit ? from + limit : deadline;
}

IpAddress successor(const IpAddress& ip) {
    auto bytes = ip.bytes();
    for (std::size_t i = ip.v6() ? 16 : 4; i-- > 0;) {
        if (++bytes[i] != 0) break;
    }
    return IpAddress::from_bytes(bytes.data(), ip.v6());
}

/// One "a", "a-b" or "a/bits" into addresses.
Result<void> add_local_ips(std::string_view text, std::vector<IpAddress>& into) {
    const Error bad{
        Code::invalid,
        base::format("local IPs: '{}' is not an address, a range a-b or a CIDR block of at "
                     "most {} addresses",
                     text, local_ips_max)};
    const auto dash = text.find('-');
    const auto slash = text.find('/');
    const auto first = IpAddress::parse(text.substr(0, std::min(dash, slash)));
    if (!first) return bad;
    const auto last =
        dash == std::string_view::npos ? first : IpAddress::parse(text.substr(dash + 1));
    if (!last || last->v6() != first->v6()) return bad;
    if (slash != std::string_view::npos) {
        const auto block = IpBlock::parse(text);
        if (!block) return bad;
        for (IpAddress ip = *first; block->contains(ip); ip = successor(ip)) {
            if (into.size() >= local_ips_max) return bad;
            into.push_back(ip);
        }
        return {};
    }
    for (IpAddress ip = *first;; ip = successor(ip)) {
        if (into.size() >= local_ips_max) return bad;
        into.push_back(ip);
        if (ip == *last) return {};
    }
}

}  // namespace

Result<std::unique_ptr<NetDialer>> NetDialer::make(rt::EpollLoop& loop,
                                                   const NetSettings& settings) {
    std::unique_ptr<NetDialer> made(new NetDialer(loop, settings.connect_timeout));
    TRY(made->rules_, HostRules::make(settings.hosts));
    TRY(made->resolver_, Resolver::make(loop, settings.dns));
    TRY(made->tls_, TlsContext::make(settings.tls));
    for (const auto& text : settings.local_ips) TRY_VOID(add_local_ips(text, made->local_ips_));
    return made;
}

std::optional<IpAddress> NetDialer::next_local_ip(bool v6) {
    for (std::size_t tried = 0; tried < local_ips_.size(); ++tried) {
        const IpAddress& ip = local_ips_[next_local_ip_++ % local_ips_.size()];
        if (ip.v6() == v6) return ip;
    }
    return std::nullopt;
}

std::variant<Dialed, Failure> NetDialer::dial(const DialTarget& target, Instant deadline) {
    if (rules_.blocks_name(target.host)) {
        return Failure{Fault::blocked_host,
                       base::format("host {} is blocked by blockHostnames", target.host)};
    }
    Dialed dialed;
    Connected connected = target.proxy == nullptr
                              ? connect(target.host, target.port, dialed.timings, deadline)
                              : through_proxy(target, dialed.timings, deadline);
    if (auto* const failure = std::get_if<Failure>(&connected)) return std::move(*failure);
    if (target.tls) {
        const Instant began = loop_->clock().now();
        connected = tls_->secure(std::move(std::get<0>(connected)), target.host, deadline);
        dialed.timings.tls_handshaking = loop_->clock().now() - began;
        if (auto* const failure = std::get_if<Failure>(&connected)) return std::move(*failure);
    }
    dialed.stream = std::move(std::get<0>(connected));
    return dialed;
}

NetDialer::Connected NetDialer::connect(std::string_view host,
                                        std::uint16_t port,
                                        DialTimings& timings,
                                        Instant deadline) {
    Resolver::Addresses addresses;
    const Instant began = loop_->clock().now();
    if (const auto instead = rules_.override_for(host, port)) {
        addresses = {instead->ip};
        port = instead->port;
    } else {
        auto found = resolver_->lookup(host, deadline);
        if (auto* const failure = std::get_if<Failure>(&found)) return std::move(*failure);
        addresses = std::move(std::get<0>(found));
    }
    const Instant looked_up = loop_->clock().now();
    if (!IpAddress::parse(host)) timings.looking_up = looked_up - began;

    for (const IpAddress& ip : addresses) {
        if (!rules_.blocks_ip(ip)) continue;
        return Failure{
            Fault::blocked_address,
            base::format("address {} of {} is blocked by blacklistIPs", ip.text(), host)};
    }
    Connected connected =
        connect_to_any(addresses, port, earlier(deadline, looked_up, connect_timeout_));
    timings.connecting = loop_->clock().now() - looked_up;
    return connected;
}

NetDialer::Connected NetDialer::connect_to_any(const Resolver::Addresses& addresses,
                                               std::uint16_t port,
                                               Instant deadline) {
    Failure first;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const Instant now = loop_->clock().now();
        const Nanos share = (deadline - now) / static_cast<Nanos::rep>(addresses.size() - i);
        const Instant until = earlier(deadline, now, std::max(share, address_patience_min));
        const Endpoint to{addresses[i], port};
        auto connected = TcpStream::connect(*loop_, to, next_local_ip(to.ip.v6()), until);
        if (auto* const stream = std::get_if<0>(&connected)) return std::move(*stream);
        Failure& failure = std::get<Failure>(connected);
        if (failure.fault == Fault::cancelled) return std::move(failure);
        if (!first.failed()) first = std::move(failure);
        if (loop_->clock().now() >= deadline) break;
    }
    return first;
}

NetDialer::Connected NetDialer::through_proxy(const DialTarget& target,
                                              DialTimings& timings,
                                              Instant deadline) {
    const base::Url& proxy = *target.proxy;
    const bool socks = proxy.scheme == "socks5" || proxy.scheme == "socks5h";
    const std::uint16_t port = proxy.port != 0 ? proxy.port : std::uint16_t{1080};
    Connected connected = connect(proxy.host, port, timings, deadline);
    if (proxy.scheme == "https" && connected.index() == 0) {
        connected = tls_->secure(std::move(std::get<0>(connected)), proxy.host, deadline);
    }
    if (auto* const failure = std::get_if<Failure>(&connected)) {
        failure->text.insert(0, base::format("proxy {}: ", proxy.authority()));
        return connected;
    }
    Stream& stream = *std::get<0>(connected);
    Failure refused;
    if (socks) {
        refused = open_socks_tunnel(stream, proxy, target.host, target.port, deadline);
    } else if (target.tls) {
        const bool v6 = target.host.find(':') != std::string_view::npos;
        const std::string authority = v6 ? base::format("[{}]:{}", target.host, target.port)
                                         : base::format("{}:{}", target.host, target.port);
        refused = open_http_tunnel(stream, proxy, authority, deadline);
    }
    if (refused.failed()) return refused;
    return connected;
}

}  // namespace weir::net

// NetDialer: real connections: names, blocked and overridden hosts, local addresses, proxies, TLS.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "net/dialer.h"
#include "net/host_rules.h"
#include "net/resolver.h"
#include "net/tls_context.h"
#include "rt/epoll_loop.h"

namespace weir::net {

/// What k6's options say about the network; names and defaults as there.
struct NetSettings {
    DnsSettings dns{};
    TlsSettings tls{};
    HostSettings hosts{};
    /// --local-ips: addresses, ranges "a-b" and CIDR blocks, taken in turn.
    std::vector<std::string> local_ips{};
    /// For connecting alone, within the caller's deadline. As Go's default transport.
    base::Nanos connect_timeout = std::chrono::seconds(30);
};

class NetDialer final : public Dialer {
public:
    /// The error names the setting that cannot be used.
    [[nodiscard]] static base::Result<std::unique_ptr<NetDialer>> make(rt::EpollLoop& loop,
                                                                       const NetSettings& settings);

    [[nodiscard]] std::variant<Dialed, Failure> dial(const DialTarget& target,
                                                     base::Instant deadline) override;

private:
    using Connected = std::variant<std::unique_ptr<Stream>, Failure>;

    NetDialer(rt::EpollLoop& loop, base::Nanos connect_timeout)
        : loop_(&loop), connect_timeout_(connect_timeout) {}
    [[nodiscard]] Connected connect(std::string_view host,
                                    std::uint16_t port,
                                    DialTimings& timings,
                                    base::Instant deadline);
    [[nodiscard]] Connected connect_to_any(const Resolver::Addresses& addresses,
                                           std::uint16_t port,
                                           base::Instant deadline);
    [[nodiscard]] Connected through_proxy(const DialTarget& target,
                                          DialTimings& timings,
                                          base::Instant deadline);
    [[nodiscard]] std::optional<IpAddress> next_local_ip(bool v6);

    rt::EpollLoop* loop_;
    base::Nanos connect_timeout_;
    HostRules rules_;
    std::vector<IpAddress> local_ips_;
    std::size_t next_local_ip_ = 0;
    std::unique_ptr<Resolver> resolver_;
    std::unique_ptr<TlsContext> tls_;
};

}  // namespace weir::net

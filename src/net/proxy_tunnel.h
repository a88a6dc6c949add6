// Proxy tunnels: HTTP CONNECT and SOCKS5, spoken over a stream to the proxy.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/url.h"
#include "net/fault.h"
#include "net/stream.h"

namespace weir::net {

/// "Basic …" from the URL's user and password (RFC 7617), or nothing when it names no user.
/// For CONNECT, and for the Proxy-Authorization of plain requests through a proxy.
[[nodiscard]] std::string proxy_authorization(const base::Url& proxy);

/// Asks the proxy for a tunnel to host:port. Source: RFC 9110 §9.3.6. Anything but 2xx is
/// Fault::proxy_refused with the status line.
[[nodiscard]] Failure open_http_tunnel(Stream& stream,
                                       const base::Url& proxy,
                                       std::string_view authority,
                                       base::Instant deadline);

/// Source: RFC 1928, and RFC 1929 where the URL names a user. The proxy resolves the name.
[[nodiscard]] Failure open_socks_tunnel(Stream& stream,
                                        const base::Url& proxy,
                                        std::string_view host,
                                        std::uint16_t port,
                                        base::Instant deadline);

}  // namespace weir::net

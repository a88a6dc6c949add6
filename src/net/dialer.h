// Dialer: a host, a port and TLS settings become a Stream with the time each step took, or a
// Failure.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "base/url.h"
#include "net/fault.h"
#include "net/stream.h"

namespace weir::net {

class TlsContext;  // net/tls_context.h: verification, client certificates, session cache; one per
                   // run and worker

struct DialTarget {
    std::string_view host;  // name or address literal, without brackets
    std::uint16_t port = 0;
    bool tls = false;
    const base::Url* proxy =
        nullptr;  // http:// or https:// (CONNECT for tls) or socks5://; null: direct
};

/// How long each step took; zero for steps that were not needed. Source: k6's http_req_* metrics.
struct DialTimings {
    base::Nanos looking_up{};
    base::Nanos connecting{};
    base::Nanos tls_handshaking{};
};

struct Dialed {
    std::unique_ptr<Stream> stream;
    DialTimings timings;
};

/// Implementations: NetDialer (net/net_dialer.h) and the simulated network's. One per worker; parks
/// the calling fiber.
class Dialer {
public:
    virtual ~Dialer() = default;
    [[nodiscard]] virtual std::variant<Dialed, Failure> dial(const DialTarget& target,
                                                             base::Instant deadline) = 0;
};

}  // namespace weir::net

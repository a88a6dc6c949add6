// Stream: bytes to and from one peer, with a deadline on each call; parks the calling fiber.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/fault.h"

namespace weir::net {

struct IoResult {
    std::size_t bytes = 0;  // moved before the fault, if any
    Fault fault = Fault::none;
};

struct PeerAddress {
    std::string ip;
    std::uint16_t port = 0;
};

/// Filled for TLS streams only. Names as k6 shows them ("tls1.3", "TLS_AES_128_GCM_SHA256").
struct TlsFacts {
    std::string version;
    std::string cipher;
    std::string alpn;  // "http/1.1", or empty
    bool resumed = false;
};

/// Implementations: TcpStream, TlsStream (over another Stream), SimStream. One fiber at a time.
class Stream {
public:
    virtual ~Stream() = default;

    /// At least one byte, or a fault. Fault::closed is an orderly end. With a deadline that has
    /// passed already both calls take what is possible at once and answer timed_out for the rest.
    [[nodiscard]] virtual IoResult read(std::span<std::byte> into, base::Instant deadline) = 0;
    /// All bytes, or a fault with the count that was handed over.
    [[nodiscard]] virtual IoResult write(std::span<const std::byte> from,
                                         base::Instant deadline) = 0;
    /// True while idle with nothing to read: a pooled connection that can be used again. No wait.
    [[nodiscard]] virtual bool reusable() = 0;
    virtual void close() noexcept = 0;
    /// Parks until read() need not wait (bytes, end or fault). For streams that carry another
    /// (TLS).
    [[nodiscard]] virtual Fault wait_readable(base::Instant deadline) {
        static_cast<void>(deadline);
        return Fault::io;
    }

    [[nodiscard]] virtual const PeerAddress& peer() const noexcept = 0;
    [[nodiscard]] virtual const TlsFacts* tls() const noexcept { return nullptr; }
    /// Words for the last fault other than closed/timed_out/cancelled (errno or OpenSSL text).
    [[nodiscard]] virtual std::string_view fault_text() const noexcept { return {}; }
};

}  // namespace weir::net

// TcpStream: a connected TCP socket on an epoll loop.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "net/address.h"
#include "net/fault.h"
#include "net/stream.h"
#include "rt/epoll_loop.h"

namespace weir::net {

/// Reads and writes at once where the loop knows that it can and parks where it knows that it
/// cannot: one exchange costs a send, the loop's epoll_wait and a recv.
class TcpStream final : public Stream {
public:
    /// Parks until connected, refused or the deadline. `local` is the address to connect from, or
    /// nothing for the kernel's choice. TCP_NODELAY is on.
    [[nodiscard]] static std::variant<std::unique_ptr<TcpStream>, Failure> connect(
        rt::EpollLoop& loop,
        const Endpoint& to,
        const std::optional<IpAddress>& local,
        base::Instant deadline);
    /// Takes over a connected, non-blocking descriptor (an accepted one).
    TcpStream(rt::EpollLoop& loop, int connected, const Endpoint& peer);
    ~TcpStream() override;
    TcpStream(const TcpStream&) = delete;
    TcpStream& operator=(const TcpStream&) = delete;

    [[nodiscard]] IoResult read(std::span<std::byte> into, base::Instant deadline) override;
    [[nodiscard]] IoResult write(std::span<const std::byte> from, base::Instant deadline) override;
    [[nodiscard]] bool reusable() override;
    void close() noexcept override;
    [[nodiscard]] Fault wait_readable(base::Instant deadline) override;
    [[nodiscard]] const PeerAddress& peer() const noexcept override { return peer_; }
    [[nodiscard]] std::string_view fault_text() const noexcept override { return fault_text_; }

private:
    [[nodiscard]] Fault fail(int error);

    int fd_;
    rt::Readiness ready_;
    PeerAddress peer_;
    std::string fault_text_;
};

}  // namespace weir::net

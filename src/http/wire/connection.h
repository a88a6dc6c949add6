// Connection: one stream that serves requests one after another; does one exchange at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/time.h"
#include "http/h1_codec.h"
#include "http/message.h"
#include "net/stream.h"
#include "rt/loop.h"

namespace weir::http {

/// A request as write_request() made it.
struct Outgoing {
    std::string_view wire;
    std::string_view rest;  // follows it; empty but for large bodies
    bool head = false;      // HEAD: the response has no body
    bool close = false;     // the request says that it is the connection's last
};

class Connection {
public:
    explicit Connection(std::unique_ptr<net::Stream> stream);

    /// Writes the request and reads the response into `into`: outcome, timings from sending on,
    /// sizes. Reads the clock before and after the write and after each read. Parks the fiber.
    void exchange(const Outgoing& request,
                  const SendSettings& settings,
                  rt::Loop& loop,
                  Exchange& into);

    /// The last exchange left it fit for another one.
    [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }
    /// The peer has neither closed it nor said anything since.
    [[nodiscard]] bool reusable() { return stream_->reusable(); }
    [[nodiscard]] const net::PeerAddress& peer() const noexcept { return stream_->peer(); }
    [[nodiscard]] const std::shared_ptr<const net::TlsFacts>& tls() const noexcept { return tls_; }
    void close() noexcept { stream_->close(); }

    base::Instant idle_since{};

private:
    [[nodiscard]] net::IoResult write(const Outgoing& request, base::Instant deadline);
    void read_response(base::Instant deadline, rt::Loop& loop, Exchange& into);
    void fail(net::Fault fault, Exchange& into);

    std::unique_ptr<net::Stream> stream_;
    std::shared_ptr<const net::TlsFacts> tls_;
    ResponseParser parser_;
    bool keep_alive_ = false;
};

}  // namespace weir::http

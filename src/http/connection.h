// Connection: one stream that serves requests one after another; does one exchange at a time.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include "base/time.h"
#include "http/h1_codec.h"
#include "http/message.h"
#include "net/stream.h"
#include "rt/clock.h"

namespace weir::http {

class Connection {
public:
    explicit Connection(std::unique_ptr<net::Stream> stream);

    /// Writes `wire` and reads the response into `into`: outcome, timings from sending on, sizes.
    /// Clock reads: after the write, at the first byte, at the end.
    void exchange(const std::string& wire,
                  bool head,
                  const SendSettings& settings,
                  const rt::Clock& clock,
                  Exchange& into);

    [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }
    [[nodiscard]] bool reusable() { return stream_->reusable(); }
    [[nodiscard]] const net::Stream& stream() const noexcept { return *stream_; }
    [[nodiscard]] const std::shared_ptr<const net::TlsFacts>& tls() const noexcept { return tls_; }
    void close() noexcept { stream_->close(); }

    base::Instant idle_since{};
    std::uint64_t served = 0;

private:
    void read_response(const SendSettings& settings, const rt::Clock& clock, Exchange& into);
    void fail(net::Fault fault, bool answered_in_part, Exchange& into);

    std::unique_ptr<net::Stream> stream_;
    std::shared_ptr<const net::TlsFacts> tls_;
    ResponseParser parser_;
    bool keep_alive_ = false;
};

}  // namespace weir::http

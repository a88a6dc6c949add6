// Request and Exchange: what is asked of the target and all that came of it, by value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/url.h"
#include "http/header_block.h"
#include "net/fault.h"
#include "net/stream.h"

namespace weir::http {

/// Of a request: as the script wrote it.
struct Header {
    std::string name;
    std::string value;
};

enum class Protocol : std::uint8_t { none, http_1_0, http_1_1, http_2 };
/// As k6 names them: "HTTP/1.1"; "" for none.
[[nodiscard]] std::string_view word_of(Protocol protocol) noexcept;

/// One request, one hop. The URL is shared: users ask for the same few URLs again and again.
struct Request {
    std::string_view method = "GET";  // static or outlived by the caller
    std::shared_ptr<const base::Url> url;
    /// In order. Host is added when absent; Content-Length and Transfer-Encoding are always ours.
    std::vector<Header> headers;
    std::string body;
    bool has_body = false;  // a POST with an empty body still says Content-Length: 0
};

/// Limits and wishes for one request.
struct SendSettings {
    base::Instant deadline = base::never;         // of the whole exchange, dialing included
    std::size_t body_limit = 64UL * 1024 * 1024;  // decoded bytes; beyond it the exchange fails
    std::size_t header_limit = 256UL * 1024;      // bytes of all response headers
    bool discard_body = false;                    // read and count, keep nothing (k6: none)
    bool decompress = true;                       // undo Content-Encoding
};

/// Source: k6's response.timings. Durations of one hop; zero when the phase did not happen.
struct Timings {
    /// From the start until there is a connection: waiting for a free slot and, for a new one, the
    /// three phases below. Zero when a connection was at hand.
    base::Nanos blocked{};
    base::Nanos looking_up{};
    base::Nanos connecting{};  // TCP only
    base::Nanos tls_handshaking{};
    base::Nanos sending{};    // first write to last byte written
    base::Nanos waiting{};    // end of sending to first byte, or to the failure that came instead
    base::Nanos receiving{};  // first byte to last byte
    /// http_req_duration: sending + waiting + receiving, without DNS, connect and TLS.
    [[nodiscard]] base::Nanos duration() const noexcept { return sending + waiting + receiving; }
};

/// Why an exchange has no usable response, beyond what the connection can tell.
enum class Outcome : std::uint8_t {
    answered,           // a complete response, whatever its status
    connection_failed,  // see failure
    timed_out,          // the request's deadline passed
    truncated,          // the stream ended inside the response
    not_http,           // the bytes are no HTTP response
    headers_too_large,
    body_too_large,
    bad_encoding,        // Content-Encoding could not be decoded
    too_many_redirects,  // set by Session: a complete response, a redirect that was not followed
    cancelled,           // our own user was asked to end: unfinished
};

struct Exchange {
    Outcome outcome = Outcome::connection_failed;
    net::Failure
        failure;     // detail for connection_failed, timed_out, truncated; text for all others
    int status = 0;  // 0 without a response
    std::string status_text;
    Protocol protocol = Protocol::none;
    HeaderBlock headers;             // in order, duplicates kept; trailers are not among them
    bool has_server_timing = false;  // a Server-Timing is among them
    std::string body;                // decoded
    std::size_t bytes_sent = 0;      // before TLS, headers included
    std::size_t bytes_received = 0;
    Timings timings;
    base::Instant start{};       // before looking for a connection
    base::Instant first_byte{};  // of the response; equal to end without one
    base::Instant end{};
    net::PeerAddress peer;
    std::shared_ptr<const net::TlsFacts> tls;  // null for plain connections
    bool connection_reused = false;

    /// There is a complete response.
    [[nodiscard]] bool answered() const noexcept {
        return outcome == Outcome::answered || outcome == Outcome::too_many_redirects;
    }
    /// Case-insensitive; empty when absent. Several values of one name: the first.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        return headers.first(name);
    }
};

}  // namespace weir::http

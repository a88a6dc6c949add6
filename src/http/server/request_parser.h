// RequestParser: bytes from a client become one request, within limits. No socket, no clock.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/header_block.h"

namespace weir::http {

/// As a client sent it.
struct ReceivedRequest {
    std::string method;
    std::string target;  // path and query, undecoded
    HeaderBlock headers;
    std::string body;
};

struct RequestLimits {
    std::size_t headers = 32UL * 1024;  // request line and headers
    std::size_t body = 4UL * 1024 * 1024;
};

/// Strict: what is no HTTP/1, or says two lengths, is refused (RFC 9112 §6.3). The grammar is
/// llhttp's.
class RequestParser {
public:
    enum class Progress : std::uint8_t { more, done, failed };

    explicit RequestParser(RequestLimits limits);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// Begins the next request. What was fed behind the last one (pipelining) is taken up.
    void begin(ReceivedRequest& into);
    [[nodiscard]] Progress feed(std::span<const std::byte> bytes);

    /// Nothing of it has come yet.
    [[nodiscard]] bool untouched() const noexcept;
    /// Once: the client waits for "100 Continue" before it sends the body (RFC 9110 §10.1.1).
    [[nodiscard]] bool wants_continue() noexcept;
    /// After done: the client may send another one.
    [[nodiscard]] bool keep_alive() const noexcept;
    /// After failed: the status to answer with (400, 413, 431, 505) and why.
    [[nodiscard]] int problem() const noexcept;
    [[nodiscard]] const std::string& problem_text() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::http

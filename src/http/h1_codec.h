// HTTP/1.1 as bytes: a Request is written, a response is parsed into an Exchange. No socket, no
// clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace weir::http {

/// What a header or method cannot be written as (RFC 9110 §5.5, §5.6.2): a line break in a value
/// would begin a header of its own. The error names the header.
[[nodiscard]] base::Result<void> check_request(const Request& request);

struct WireForm {
    bool absolute = false;  // for plain-HTTP proxies (RFC 9112 §3.2.2)
    std::string_view proxy_authorization;
    bool close = false;  // Connection: close
};
/// Appends request line, headers and body (RFC 9112 §3). A large body is not copied: what is
/// returned has to follow. `request` is one that check_request() accepts.
[[nodiscard]] std::string_view write_request(const Request& request,
                                             const WireForm& form,
                                             std::string& out);

/// One response, fed as it arrives. Interim responses (1xx) are passed over. Strict: what is no
/// HTTP, or says two lengths, is refused (RFC 9112 §6.3). The grammar is llhttp's.
class ResponseParser {
public:
    enum class Progress : std::uint8_t { more, done, failed };

    ResponseParser();
    ~ResponseParser();
    ResponseParser(const ResponseParser&) = delete;
    ResponseParser& operator=(const ResponseParser&) = delete;

    /// Begins a response that fills `into`. `head`: the request was HEAD, so no body follows.
    void begin(Exchange& into, const SendSettings& limits, bool head);
    [[nodiscard]] Progress feed(std::span<const std::byte> bytes);
    /// The stream ended in order: completes a body that lasts until then, else it is truncated.
    [[nodiscard]] Progress finish();

    /// After done: the connection may serve another request.
    [[nodiscard]] bool keep_alive() const noexcept;
    /// After failed.
    [[nodiscard]] Outcome problem() const noexcept;
    [[nodiscard]] std::string_view problem_text() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::http

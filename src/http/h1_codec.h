// HTTP/1.1 as bytes: a Request is written, a response is parsed into an Exchange. No socket, no
// clock.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/message.h"

namespace weir::http {

/// Appends request line, headers and body (RFC 9112 §3). Absolute form is for plain-HTTP proxies
/// (§3.2.2).
struct WireForm {
    bool absolute = false;
    std::string_view proxy_authorization;
    bool close = false;  // Connection: close
};
void write_request(const Request& request, const WireForm& form, std::string& out);

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

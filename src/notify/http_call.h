// HttpCall: what is to be asked of a service that is told something, and what its answer means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::notify {

/// No socket, no clock: bytes for whoever has both.
struct HttpCall {
    std::string method;  // "POST"
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

struct HttpAnswer {
    int status = 0;             // 0: there was none; see failure
    std::string body;           // as far as it was read
    std::string failure;        // why there was none
    std::string retry_after{};  // the header of that name
};

/// What became of a call.
enum class Delivery : std::uint8_t {
    done,
    later,    // no answer, 5xx, 408 or 429: another try may help
    refused,  // any other answer: it would be refused again
};
[[nodiscard]] Delivery delivery_of(const HttpAnswer& answer) noexcept;
/// "status 403: action_prohibited", or why there was no answer; at most 200 bytes, one line.
[[nodiscard]] std::string words_of(const HttpAnswer& answer);

/// Values of the header Authorization: RFC 6750 §2.1 and RFC 7617 §2; empty of an empty token.
[[nodiscard]] std::string bearer(const std::string& token);
[[nodiscard]] std::string basic(const std::string& username, const std::string& password);
/// A request with a JSON body; without the header Authorization when that is empty.
[[nodiscard]] HttpCall json_call(std::string_view method,
                                 std::string url,
                                 const std::string& authorization,
                                 std::string body);
/// "https://host/prefix/" and "/api/x" become "https://host/prefix/api/x".
[[nodiscard]] std::string joined_url(std::string_view base, std::string_view path);

}  // namespace weir::notify

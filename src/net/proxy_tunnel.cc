#include "net/proxy_tunnel.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/format.h"

namespace weir::net {
namespace {

constexpr std::size_t answer_bytes_max = 16 * 1024;

std::optional<unsigned> hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

/// URLs keep user and password percent-encoded; proxies want the bytes. RFC 3986 §2.1.
std::string percent_decoded(std::string_view text) {
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto high =
            text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
        const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
        if (low) {
            made.push_back(static_cast<char>(*high * 16 + *low));
            i += 2;
        } else {
            made.push_back(text[i]);
        }
    }
    return made;
}

/// RFC 4648 §4.
std::string base64(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string made;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto at = [&](std::size_t k) -> unsigned {
            return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U;
        };
        const unsigned group = at(0) << 16U | at(1) << 8U | at(2);
        made.push_back(digits[group >> 18U & 63U]);
        made.push_back(digits[group >> 12U & 63U]);
        made.push_back(i + 1 < bytes.size() ? digits[group >> 6U & 63U] : '=');
        made.push_back(i + 2 < bytes.size() ? digits[group & 63U] : '=');
    }
    return made;
}

/// The conversation with the proxy: fails once and for all.
class Talk {
public:
    Talk(Stream& stream, const base::Url& proxy, base::Instant deadline)
        : stream_(&stream), proxy_(proxy.authority()), deadline_(deadline) {}

    [[nodiscard]] bool send(std::string_view bytes) {
        const auto sent = stream_->write(std::as_bytes(std::span(bytes)), deadline_);
        return note(sent.fault);
    }
    /// Exactly `count` bytes.
    [[nodiscard]] bool receive(std::size_t count, std::string& into) {
        into.clear();
        std::array<std::byte, 512> buffer{};
        while (into.size() < count) {
            const auto room = std::span(buffer).first(std::min(buffer.size(), count - into.size()));
            const auto got = stream_->read(room, deadline_);
            if (!note(got.fault)) return false;
            into.append(reinterpret_cast<const char*>(buffer.data()), got.bytes);
        }
        return true;
    }
    [[nodiscard]] Failure refuse(std::string_view why) const {
        return {Fault::proxy_refused, base::format("proxy {}: {}", proxy_, why)};
    }
    [[nodiscard]] const Failure& failure() const noexcept { return failure_; }

private:
    [[nodiscard]] bool note(Fault fault) {
        if (fault == Fault::none) return true;
        std::string_view why = stream_->fault_text();
        if (fault == Fault::closed) why = "closed the connection before the tunnel was open";
        if (fault == Fault::timed_out) why = "no answer in time";
        if (fault == Fault::cancelled) why = "cancelled";
        failure_ = {fault == Fault::closed ? Fault::proxy_refused : fault,
                    base::format("proxy {}: {}", proxy_, why)};
        return false;
    }

    Stream* stream_;
    std::string proxy_;
    base::Instant deadline_;
    Failure failure_;
};

std::string_view socks_reason(unsigned char code) {
    constexpr std::array<std::string_view, 9> reasons{"succeeded",
                                                      "general failure",
                                                      "not allowed by its rules",
                                                      "network unreachable",
                                                      "host unreachable",
                                                      "connection refused",
                                                      "time to live expired",
                                                      "command not supported",
                                                      "address type not supported"};
    return code < reasons.size() ? reasons[code] : "unknown reply";
}

/// Agrees on "no authentication" or, where the URL names a user, user and password.
Failure socks_greet(Talk& talk, const base::Url& proxy) {
    const std::string user = percent_decoded(proxy.username);
    const std::string password = percent_decoded(proxy.password);
    std::string answer;
    if (!talk.send(user.empty() ? std::string_view("\x05\x01\x00", 3)
                                : std::string_view("\x05\x02\x00\x02", 4)) ||
        !talk.receive(2, answer)) {
        return talk.failure();
    }
    if (answer[0] != '\x05') return talk.refuse("does not speak SOCKS 5");
    if (answer[1] == '\x00') return {};
    if (answer[1] != '\x02' || user.empty()) return talk.refuse("wants another way to sign in");
    if (user.size() > 255 || password.size() > 255) return talk.refuse("user or password too long");
    std::string sign_in("\x01");
    sign_in += static_cast<char>(user.size());
    sign_in += user;
    sign_in += static_cast<char>(password.size());
    sign_in += password;
    if (!talk.send(sign_in) || !talk.receive(2, answer)) return talk.failure();
    if (answer[1] != '\x00') return talk.refuse("user or password not accepted");
    return {};
}

}  // namespace

std::string proxy_authorization(const base::Url& proxy) {
    if (proxy.username.empty() && proxy.password.empty()) return {};
    return "Basic " +
           base64(percent_decoded(proxy.username) + ":" + percent_decoded(proxy.password));
}

Failure open_http_tunnel(Stream& stream,
                         const base::Url& proxy,
                         std::string_view authority,
                         base::Instant deadline) {
    Talk talk(stream, proxy, deadline);
    std::string request = base::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", authority);
    if (const std::string sign_in = proxy_authorization(proxy); !sign_in.empty()) {
        request += base::format("Proxy-Authorization: {}\r\n", sign_in);
    }
    request += "\r\n";
    if (!talk.send(request)) return talk.failure();

    // Never more than is surely missing of the blank line: what follows it belongs to the tunnel.
    std::string answer;
    std::string next;
    while (!answer.ends_with("\r\n\r\n")) {
        if (answer.size() >= answer_bytes_max) return talk.refuse("answered with too many headers");
        std::size_t missing = 4;
        if (answer.ends_with("\r")) missing = 3;
        if (answer.ends_with("\r\n")) missing = 2;
        if (answer.ends_with("\r\n\r")) missing = 1;
        if (!talk.receive(missing, next)) return talk.failure();
        answer += next;
    }
    const std::string line = answer.substr(0, answer.find("\r\n"));
    const bool is_http = line.starts_with("HTTP/1.") && line.size() >= 12;
    if (!is_http) return talk.refuse("did not answer CONNECT with HTTP");
    if (line[9] != '2') {
        return talk.refuse(base::format("refused CONNECT {}: {}", authority, line.substr(9)));
    }
    return {};
}

Failure open_socks_tunnel(Stream& stream,
                          const base::Url& proxy,
                          std::string_view host,
                          std::uint16_t port,
                          base::Instant deadline) {
    Talk talk(stream, proxy, deadline);
    if (Failure failure = socks_greet(talk, proxy); failure.failed()) return failure;
    if (host.size() > 255) return talk.refuse("host name too long for SOCKS 5");
    std::string request("\x05\x01\x00\x03", 4);  // connect to a name
    request += static_cast<char>(host.size());
    request += host;
    request += static_cast<char>(port >> 8U);
    request += static_cast<char>(port & 0xffU);
    std::string answer;
    if (!talk.send(request) || !talk.receive(5, answer)) return talk.failure();
    if (answer[1] != '\x00') {
        return talk.refuse(base::format("refused {}:{}: {}", host, port,
                                        socks_reason(static_cast<unsigned char>(answer[1]))));
    }
    // The bound address follows: of no use to us, but to be taken off the stream.
    std::size_t rest = 0;
    if (answer[3] == '\x01') rest = 4 - 1 + 2;
    if (answer[3] == '\x04') rest = 16 - 1 + 2;
    if (answer[3] == '\x03') rest = static_cast<unsigned char>(answer[4]) + 2U;
    if (rest == 0) return talk.refuse("answered with an unknown kind of address");
    if (!talk.receive(rest, answer)) return talk.failure();
    return {};
}

}  // namespace weir::net

#include "journey/request/exchange_text.h"

#include <algorithm>
#include <string_view>

#include "base/format.h"
#include "http/header_names.h"
#include "journey/request/error_codes.h"
#include "journey/request/masking.h"
#include "plan/secrets.h"

namespace weir::journey {
namespace {

/// A terminal obeys some characters: a target must not command it.
std::string harmless(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool obeyed = (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
        if (obeyed) {
            out += base::format("\\x{:02x}", byte);
        } else if (c != '\r') {
            out += c;
        }
    }
    return out;
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Bytes of the character that `lead` begins in UTF-8 (RFC 3629 §3); 0: it begins none.
std::size_t length_of(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    if (byte < 0x80) return 1;
    if (byte >= 0xC2 && byte < 0xE0) return 2;
    if (byte >= 0xE0 && byte < 0xF0) return 3;
    return byte >= 0xF0 && byte < 0xF5 ? 4 : 0;
}

/// UTF-8 without zero bytes; its last character may be cut.
bool is_text(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = length_of(bytes[at]);
        if (length == 0 || bytes[at] == '\0') return false;
        for (std::size_t i = 1; i < length && at + i < bytes.size(); ++i) {
            if (!is_continuation(bytes[at + i])) return false;
        }
        at += length;
    }
    return true;
}

class Text {
public:
    Text(const http::Hop& hop, const ExchangeView& view)
        : hop_(hop), exchange_(hop.exchange), view_(view) {}

    std::string write() {
        request();
        response();
        timings();
        connection();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string hidden(std::string text) const {
        if (view_.secrets != nullptr) view_.secrets->redact_in_place(text);
        return text;
    }
    void line(std::string text) { out_ += harmless(hidden(std::move(text))) + "\n"; }
    void header(std::string_view name, std::string_view value) {
        line(base::format("{}: {}", name, masked_header(name, value)));
    }

    void request() {
        const auto& request = hop_.request;
        out_ += "Request:\n";
        line(base::format("{} {} HTTP/1.1", request.method, masked_link(request.url->target())));
        if (http::find_header(request.headers, "Host") == nullptr) {
            header("Host", request.url->authority());
        }
        for (const auto& each : request.headers) {
            if (http::same_name(each.name, "Content-Length")) continue;
            header(each.name, each.value);
        }
        if (request.has_body || !request.body.empty()) {
            header("Content-Length", base::format("{}", request.body.size()));
        }
        const auto* const type = http::find_header(request.headers, "Content-Type");
        if (view_.bodies) body(request.body, type == nullptr ? "" : type->value);
    }

    void response() {
        out_ += "\nResponse:\n";
        if (exchange_.status == 0) {
            const RequestError error = error_of(exchange_);
            std::string words(error.words);
            if (exchange_.outcome == http::Outcome::cancelled) {
                words = "the run ended before it came";
            } else if (!exchange_.failure.text.empty()) {
                words += ": " + exchange_.failure.text;
            }
            line(base::format("none: {}", masked_link(words)));
            return;
        }
        line(base::format("{} {} {}", http::word_of(exchange_.protocol), exchange_.status,
                          exchange_.status_text));
        for (const auto& each : exchange_.headers) header(each.name, each.value);
        if (view_.bodies) body(exchange_.body, exchange_.header("Content-Type"));
    }

    void body(std::string_view bytes, std::string_view content_type) {
        if (bytes.empty()) return;
        out_ += "\n";
        // Secrets that lie across the cut are seen whole, so that no part of one is left.
        const std::size_t longest = view_.secrets == nullptr ? 0 : view_.secrets->longest();
        const std::string_view near = bytes.substr(0, 2 * body_shown_most + longest);
        if (!is_text(near)) {
            out_ += base::format("(binary, {} bytes)\n", bytes.size());
            return;
        }
        std::string text = hidden(masked_body(content_type, near));
        std::size_t shown = body_shown_most;
        if (near.size() < bytes.size()) {
            const std::size_t unsure = std::max<std::size_t>(longest, 1) - 1;
            shown = std::min(shown, text.size() - std::min(unsure, text.size()));
        }
        const bool cut = near.size() < bytes.size() || text.size() > shown;
        if (text.size() > shown) {
            while (shown > 0 && is_continuation(text[shown])) shown -= 1;
            text.resize(shown);
        }
        out_ += harmless(text);
        if (!text.ends_with('\n')) out_ += "\n";
        if (cut) out_ += base::format("(cut: the body has {} bytes)\n", bytes.size());
    }

    void timings() {
        const auto& spent = exchange_.timings;
        const base::Nanos made = spent.looking_up + spent.connecting + spent.tls_handshaking;
        const base::Nanos wait = std::max(spent.blocked - made, base::Nanos{});
        const auto ms = [](base::Nanos span) {
            return base::format("{:.2f} ms", base::to_ms(span));
        };
        out_ += base::format(
            "\nTimings: begun {} after it was due; wait {}, lookup {}, connect {}, TLS {}, send "
            "{}, "
            "TTFB {}, receive {}, total {}\n",
            ms(view_.lateness), ms(wait), ms(spent.looking_up), ms(spent.connecting),
            ms(spent.tls_handshaking), ms(spent.sending), ms(spent.waiting), ms(spent.receiving),
            ms(exchange_.end - exchange_.start));
        out_ += base::format("Sizes: {} bytes sent, {} bytes received", exchange_.bytes_sent,
                             exchange_.bytes_received);
        if (exchange_.status != 0) out_ += base::format(", body {} bytes", exchange_.body.size());
        out_ += "\n";
    }

    void connection() {
        if (exchange_.peer.ip.empty()) return;
        std::string text =
            base::format("Connection: {} port {}, {}", exchange_.peer.ip, exchange_.peer.port,
                         exchange_.connection_reused ? "used again" : "new");
        if (exchange_.tls != nullptr) {
            text += base::format(", {}, {}", exchange_.tls->version, exchange_.tls->cipher);
        }
        line(std::move(text));
    }

    const http::Hop& hop_;
    const http::Exchange& exchange_;
    const ExchangeView& view_;
    std::string out_;
};

}  // namespace

std::string exchange_text(const http::Hop& hop, const ExchangeView& view) {
    return Text(hop, view).write();
}

}  // namespace weir::journey

#include "http/connection.h"

#include <cstring>
#include <span>
#include <utility>

#include "http/content_encoding.h"

namespace weir::http {
namespace {

constexpr std::size_t read_bytes = 16UL * 1024;

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

void decode_body(const SendSettings& settings, Exchange& into) {
    const auto codings = into.header("Content-Encoding");
    if (codings.empty() || into.body.empty()) return;
    auto decoded = decode_content(codings, std::move(into.body), settings.body_limit);
    if (decoded.ok()) {
        into.body = std::move(decoded).value();
        return;
    }
    into.body = {};
    into.outcome =
        decoded.error().code == base::Code::limit ? Outcome::body_too_large : Outcome::bad_encoding;
    into.failure = {net::Fault::io, decoded.error().text};
}

}  // namespace

Connection::Connection(std::unique_ptr<net::Stream> stream) : stream_(std::move(stream)) {
    if (const auto* facts = stream_->tls()) tls_ = std::make_shared<const net::TlsFacts>(*facts);
}

void Connection::exchange(const std::string& wire,
                          bool head,
                          const SendSettings& settings,
                          const rt::Clock& clock,
                          Exchange& into) {
    keep_alive_ = false;
    const base::Instant begun = clock.now();
    parser_.begin(into, settings, head);
    const auto written = stream_->write(bytes_of(wire), settings.deadline);
    into.bytes_sent += written.bytes;
    const base::Instant sent = clock.now();
    into.timings.sending = sent - begun;
    into.first_byte = sent;
    if (written.fault != net::Fault::none) {
        into.end = sent;
        return fail(written.fault, false, into);
    }
    read_response(settings, clock, into);
    into.timings.waiting = into.first_byte - sent;
    into.timings.receiving = into.end - into.first_byte;
    if (into.answered()) {
        keep_alive_ = parser_.keep_alive();
        served += 1;
        if (!settings.discard_body) decode_body(settings, into);
    }
}

void Connection::read_response(const SendSettings& settings,
                               const rt::Clock& clock,
                               Exchange& into) {
    std::array<std::byte, read_bytes> buffer;
    while (true) {
        const auto got = stream_->read(buffer, settings.deadline);
        const base::Instant now = clock.now();
        const bool first = into.bytes_received == 0;
        if (first) into.first_byte = now;
        into.end = now;
        into.bytes_received += got.bytes;
        auto progress = ResponseParser::Progress::more;
        if (got.bytes > 0) progress = parser_.feed(std::span(buffer).first(got.bytes));
        if (progress == ResponseParser::Progress::more && got.fault == net::Fault::closed &&
            !first) {
            progress = parser_.finish();
        }
        if (progress == ResponseParser::Progress::done) {
            into.outcome = Outcome::answered;
            return;
        }
        if (progress == ResponseParser::Progress::failed) {
            into.outcome = parser_.problem();
            into.failure = {net::Fault::io, std::string(parser_.problem_text())};
            return;
        }
        if (got.fault != net::Fault::none) return fail(got.fault, into.bytes_received > 0, into);
    }
}

void Connection::fail(net::Fault fault, bool answered_in_part, Exchange& into) {
    into.failure.fault = fault;
    switch (fault) {
        case net::Fault::timed_out:
            into.outcome = Outcome::timed_out;
            into.failure.text = "request timeout";
            return;
        case net::Fault::cancelled:
            into.outcome = Outcome::cancelled;
            into.failure.text = "still under way when the run ended";
            return;
        case net::Fault::closed:
            into.failure.text = "the server closed the connection without an answer";
            break;
        case net::Fault::reset:
            into.failure.text = "connection reset by peer";
            break;
        default:
            into.failure.text = std::string(stream_->fault_text());
            break;
    }
    into.outcome = answered_in_part ? Outcome::truncated : Outcome::connection_failed;
}

}  // namespace weir::http

#include "http/wire/connection.h"

#include <span>
#include <string>
#include <utility>

#include "base/format.h"
#include "rt/baton.h"

namespace weir::http {
namespace {

/// A body that arrives faster than it can be read must not keep others on this loop waiting.
constexpr std::size_t bytes_per_turn = 512UL * 1024;

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

std::string words_for(net::Fault fault, const Exchange& exchange, std::string_view fault_text) {
    const bool answering = exchange.bytes_received > 0;
    switch (fault) {
        case net::Fault::timed_out:
            return answering ? base::format(
                                   "request timeout: the response was still arriving, {} "
                                   "bytes so far",
                                   exchange.bytes_received)
                             : "request timeout: no answer";
        case net::Fault::cancelled:
            return "still under way when the run ended";
        case net::Fault::closed:
            return answering ? "the connection was closed before the response was complete"
                             : "the server closed the connection without an answer";
        case net::Fault::reset:
            return answering ? "connection reset by peer inside the response"
                             : "connection reset by peer";
        default:
            return fault_text.empty() ? "the connection failed" : std::string(fault_text);
    }
}

}  // namespace

Connection::Connection(std::unique_ptr<net::Stream> stream) : stream_(std::move(stream)) {
    if (const auto* facts = stream_->tls()) tls_ = std::make_shared<const net::TlsFacts>(*facts);
}

void Connection::exchange(const Outgoing& request,
                          const SendSettings& settings,
                          rt::Loop& loop,
                          Exchange& into) {
    keep_alive_ = false;
    parser_.begin(into, settings, request.head);
    const base::Instant begun = loop.clock().now();
    const net::IoResult written = write(request, settings.deadline);
    const base::Instant sent = loop.clock().now();
    into.bytes_sent += written.bytes;
    into.first_byte = into.end = sent;
    if (written.fault == net::Fault::none) {
        read_response(settings.deadline, loop, into);
    } else if (written.fault == net::Fault::closed || written.fault == net::Fault::reset) {
        // A server may answer before it has read a large body, and close: that answer is the truth.
        read_response(base::instant_min, loop, into);
        if (!into.answered()) fail(written.fault, into);
    } else {
        fail(written.fault, into);
    }
    into.timings.sending = sent - begun;
    into.timings.waiting = into.first_byte - sent;
    into.timings.receiving = into.end - into.first_byte;
    keep_alive_ = into.answered() && written.fault == net::Fault::none && parser_.keep_alive() &&
                  !request.close;
}

net::IoResult Connection::write(const Outgoing& request, base::Instant deadline) {
    net::IoResult written = stream_->write(bytes_of(request.wire), deadline);
    if (request.rest.empty() || written.fault != net::Fault::none) return written;
    const net::IoResult rest = stream_->write(bytes_of(request.rest), deadline);
    return {written.bytes + rest.bytes, rest.fault};
}

void Connection::read_response(base::Instant deadline, rt::Loop& loop, Exchange& into) {
    using Progress = ResponseParser::Progress;
    // read() parks before it writes, never after: what it returns stands until the next park.
    const auto buffer = loop.scratch();
    std::size_t this_turn = 0;
    while (true) {
        const net::IoResult got = stream_->read(buffer, deadline);
        const base::Instant now = loop.clock().now();
        if (into.bytes_received == 0) into.first_byte = now;
        into.end = now;
        into.bytes_received += got.bytes;
        Progress progress = Progress::more;
        if (got.bytes > 0) progress = parser_.feed(buffer.first(got.bytes));
        if (progress == Progress::more && got.fault == net::Fault::closed &&
            into.bytes_received > 0) {
            progress = parser_.finish();
        }
        if (progress == Progress::done) {
            into.outcome = Outcome::answered;
            return;
        }
        if (progress == Progress::failed) {
            into.outcome = parser_.problem();
            into.failure = {got.fault == net::Fault::none ? net::Fault::io : got.fault,
                            std::string(parser_.problem_text())};
            return;
        }
        if (got.fault != net::Fault::none) return fail(got.fault, into);
        this_turn += got.bytes;
        if (this_turn < bytes_per_turn) continue;
        this_turn = 0;
        static_cast<void>(rt::sleep_until(loop, now + base::Nanos(1)));  // read() says if cancelled
    }
}

void Connection::fail(net::Fault fault, Exchange& into) {
    into.failure = {fault, words_for(fault, into, stream_->fault_text())};
    if (fault == net::Fault::timed_out) {
        into.outcome = Outcome::timed_out;
    } else if (fault == net::Fault::cancelled) {
        into.outcome = Outcome::cancelled;
    } else {
        into.outcome = into.bytes_received > 0 ? Outcome::truncated : Outcome::connection_failed;
    }
}

}  // namespace weir::http

#include "http/client.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/format.h"
#include "http/h1_codec.h"
#include "http/header_names.h"
#include "http/proxy_settings.h"
#include "http/wire/connection.h"
#include "http/wire/pool.h"
#include "net/proxy_tunnel.h"

namespace weir::http {
namespace {

/// Methods that may be sent again when an idle connection turned out closed (RFC 9110 §9.2.2).
constexpr std::array<std::string_view, 6> idempotent{"GET",   "HEAD", "OPTIONS",
                                                     "TRACE", "PUT",  "DELETE"};
constexpr std::size_t wire_kept_most = 64UL * 1024;

bool closed_while_idle(const Request& request, const Exchange& exchange) {
    if (exchange.outcome != Outcome::connection_failed || exchange.bytes_received > 0) return false;
    if (exchange.bytes_sent == 0) return true;
    return std::find(idempotent.begin(), idempotent.end(), request.method) != idempotent.end();
}

bool asks_to_close(const Request& request) {
    const Header* const header = find_header(request.headers, "Connection");
    return header != nullptr && same_name(header->value, "close");
}

/// Before there was a connection: all of the time went into waiting for one.
void fail_blocked(net::Failure failure, Outcome outcome, base::Instant now, Exchange& into) {
    into.outcome = outcome;
    into.failure = std::move(failure);
    into.end = into.first_byte = now;
    into.timings.blocked = now - into.start;
}

net::Failure busy(rt::Wake wake, const base::Url& url, std::size_t places) {
    if (wake == rt::Wake::cancelled) {
        return {net::Fault::cancelled, "still waiting for a connection when the run ended"};
    }
    return {net::Fault::timed_out,
            base::format("request timeout: all {} connections to {} were busy", places, url.host)};
}

Outcome outcome_of(const net::Failure& failure, bool deadline_passed) {
    if (failure.fault == net::Fault::cancelled) return Outcome::cancelled;
    if (failure.fault == net::Fault::timed_out || deadline_passed) return Outcome::timed_out;
    return Outcome::connection_failed;
}

}  // namespace

/// One send() under way.
struct Client::Job {
    const Request& request;
    const SendSettings& settings;
    std::shared_ptr<const base::Url> proxy;
    Origin& origin;
    Exchange& into;
};

Client::Client(rt::Loop& loop, net::Dialer& dialer, const ClientSettings& settings)
    : loop_(&loop), dialer_(&dialer), settings_(&settings), pool_(std::make_unique<Pool>()) {}

Client::~Client() = default;

void Client::close_idle() noexcept {
    pool_->close_idle();
}

Exchange Client::send(const Request& request, const SendSettings& settings) {
    const base::Url& url = *request.url;
    Exchange exchange;
    exchange.start = loop_->clock().now();
    exchange.end = exchange.first_byte = exchange.start;
    if (url.scheme != "http" && url.scheme != "https") {
        exchange.failure = {
            net::Fault::io,
            base::format("the scheme '{}' is not supported: use http or https", url.scheme)};
        return exchange;
    }
    if (const auto fit = check_request(request); !fit.ok()) {
        exchange.failure = {net::Fault::io, fit.error().text};
        return exchange;
    }
    auto proxy = proxy_for(settings_->proxies, url);
    Origin& origin = pool_->origin(url, proxy);
    const rt::Wake wake = origin.enter(*loop_, settings_->connections_per_host, settings.deadline);
    if (settings_->connections_per_host != 0) {
        exchange.timings.blocked = loop_->clock().now() - exchange.start;
    }
    if (wake != rt::Wake::posted) {
        auto failure = busy(wake, url, settings_->connections_per_host);
        const Outcome outcome = outcome_of(failure, false);
        fail_blocked(std::move(failure), outcome, loop_->clock().now(), exchange);
        return exchange;
    }
    Job job{.request = request,
            .settings = settings,
            .proxy = std::move(proxy),
            .origin = origin,
            .into = exchange};
    send_in_place(job);
    origin.leave();
    return exchange;
}

void Client::send_in_place(Job& job) {
    Exchange& into = job.into;
    if (settings_->reuse_connections) {
        auto idle = job.origin.take_idle(into.start - settings_->idle_limit);
        if (idle != nullptr) {
            into.connection_reused = true;
            send_over(std::move(idle), job);
            if (!closed_while_idle(job.request, into)) return;
            const base::Instant start = into.start;
            into = {};
            into.start = start;
        }
    }
    auto connection = dial(job);
    if (connection == nullptr) return;
    into.timings.blocked = loop_->clock().now() - into.start;
    send_over(std::move(connection), job);
}

std::unique_ptr<Connection> Client::dial(Job& job) {
    const base::Url& url = *job.request.url;
    auto dialed = dialer_->dial({.host = url.host,
                                 .port = url.port,
                                 .tls = url.scheme == "https",
                                 .proxy = job.proxy.get()},
                                job.settings.deadline);
    if (auto* const made = std::get_if<net::Dialed>(&dialed)) {
        job.into.timings.looking_up = made->timings.looking_up;
        job.into.timings.connecting = made->timings.connecting;
        job.into.timings.tls_handshaking = made->timings.tls_handshaking;
        return std::make_unique<Connection>(std::move(made->stream));
    }
    auto& failure = std::get<net::Failure>(dialed);
    const base::Instant now = loop_->clock().now();
    const Outcome outcome = outcome_of(failure, now >= job.settings.deadline);
    fail_blocked(std::move(failure), outcome, now, job.into);
    return nullptr;
}

void Client::send_over(std::unique_ptr<Connection> connection, Job& job) {
    const bool absolute = job.proxy != nullptr && job.request.url->scheme == "http" &&
                          !job.proxy->scheme.starts_with("socks");
    const std::string authorization =
        absolute ? net::proxy_authorization(*job.proxy) : std::string();
    const bool asked_to_close = asks_to_close(job.request);
    // Another fiber of this user may send while this one waits: the buffer is taken, not shared.
    std::string wire = std::exchange(wire_, {});
    wire.clear();
    const std::string_view rest =
        write_request(job.request,
                      {.absolute = absolute,
                       .proxy_authorization = authorization,
                       .close = !settings_->reuse_connections && !asked_to_close},
                      wire);
    Exchange& into = job.into;
    into.peer = connection->peer();
    into.tls = connection->tls();
    connection->exchange({.wire = wire,
                          .rest = rest,
                          .head = job.request.method == "HEAD",
                          .close = !settings_->reuse_connections || asked_to_close},
                         job.settings, *loop_, into);
    if (wire.capacity() <= wire_kept_most) wire_ = std::move(wire);
    if (connection->keep_alive()) {
        connection->idle_since = into.end;
        job.origin.give_back(std::move(connection));
    } else {
        connection->close();
    }
}

}  // namespace weir::http

#include "http/client.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "http/connection.h"
#include "http/h1_codec.h"
#include "http/pool.h"
#include "http/proxy_settings.h"

namespace weir::http {
namespace {

/// Methods that may be sent again when an idle connection turned out closed (RFC 9110 §9.2.2).
constexpr std::array<std::string_view, 6> idempotent{"GET",   "HEAD", "OPTIONS",
                                                     "TRACE", "PUT",  "DELETE"};

bool may_repeat(const Request& request) {
    return std::find(idempotent.begin(), idempotent.end(), request.method) != idempotent.end();
}

bool closed_while_idle(const Exchange& exchange) {
    return exchange.outcome == Outcome::connection_failed && exchange.bytes_received == 0 &&
           (exchange.failure.fault == net::Fault::closed ||
            exchange.failure.fault == net::Fault::reset);
}

}  // namespace

Client::Client(rt::Loop& loop, net::Dialer& dialer, const ClientSettings& settings)
    : loop_(&loop), dialer_(&dialer), settings_(&settings), pool_(std::make_unique<Pool>()) {}

Client::~Client() = default;

void Client::close_idle() noexcept {
    pool_->clear();
}

std::unique_ptr<Connection> Client::dial(const base::Url& url,
                                         const base::Url* proxy,
                                         base::Instant deadline,
                                         Exchange& into) {
    const net::DialTarget target{
        .host = url.host, .port = url.port, .tls = url.scheme == "https", .proxy = proxy};
    auto dialed = dialer_->dial(target, deadline);
    if (auto* made = std::get_if<net::Dialed>(&dialed)) {
        into.timings.looking_up = made->timings.looking_up;
        into.timings.connecting = made->timings.connecting;
        into.timings.tls_handshaking = made->timings.tls_handshaking;
        return std::make_unique<Connection>(std::move(made->stream));
    }
    into.failure = std::get<net::Failure>(std::move(dialed));
    into.outcome = Outcome::connection_failed;
    if (into.failure.fault == net::Fault::cancelled) into.outcome = Outcome::cancelled;
    if (into.failure.fault == net::Fault::timed_out) into.outcome = Outcome::timed_out;
    into.end = loop_->clock().now();
    into.first_byte = into.end;
    return nullptr;
}

Exchange Client::send(const Request& request, const SendSettings& settings) {
    const base::Url& url = *request.url;
    const auto proxy = proxy_for(settings_->proxies, url);
    Exchange exchange;
    exchange.start = loop_->clock().now();
    if (url.scheme != "http" && url.scheme != "https") {
        exchange.failure = {net::Fault::io, "unsupported protocol scheme \"" + url.scheme + "\""};
        exchange.end = exchange.first_byte = exchange.start;
        return exchange;
    }
    std::unique_ptr<Connection> connection;
    if (settings_->reuse_connections) {
        connection = pool_->take(url, proxy.get(), exchange.start - settings_->idle_limit);
    }
    const bool reused = connection != nullptr;
    if (reused) exchange.connection_reused = true;
    if (!send_over(std::move(connection), request, settings, proxy, exchange) && reused &&
        closed_while_idle(exchange) && may_repeat(request)) {
        const base::Instant start = exchange.start;
        exchange = {};
        exchange.start = start;
        (void)send_over(nullptr, request, settings, proxy, exchange);
    }
    return exchange;
}

bool Client::send_over(std::unique_ptr<Connection> connection,
                       const Request& request,
                       const SendSettings& settings,
                       const std::shared_ptr<const base::Url>& proxy,
                       Exchange& into) {
    const base::Url& url = *request.url;
    if (connection == nullptr) connection = dial(url, proxy.get(), settings.deadline, into);
    if (connection == nullptr) return false;
    into.peer = connection->stream().peer();
    into.tls = connection->tls();
    const bool absolute =
        proxy != nullptr && url.scheme == "http" && !proxy->scheme.starts_with("socks");
    const std::string authorization = absolute ? proxy_authorization(*proxy) : std::string();
    wire_.clear();
    write_request(request,
                  {.absolute = absolute,
                   .proxy_authorization = authorization,
                   .close = !settings_->reuse_connections},
                  wire_);
    // Another fiber of this user may send while this one waits: the buffer is taken, not shared.
    std::string wire = std::exchange(wire_, {});
    connection->exchange(wire, request.method == "HEAD", settings, loop_->clock(), into);
    wire_ = std::move(wire);
    if (into.answered() && connection->keep_alive() && settings_->reuse_connections) {
        connection->idle_since = into.end;
        pool_->give_back(url, proxy, std::move(connection));
    } else {
        connection->close();
    }
    return into.answered();
}

}  // namespace weir::http

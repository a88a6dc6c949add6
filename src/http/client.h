// Client: sends one request over a pooled or new connection and returns the Exchange, by value.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "http/message.h"
#include "net/dialer.h"
#include "rt/loop.h"

namespace weir::http {

class Connection;
class Pool;

/// Proxies by scheme and the hosts that bypass them. Source: HTTP_PROXY, HTTPS_PROXY, NO_PROXY as
/// Go's net/http reads them.
struct ProxySettings {
    std::shared_ptr<const base::Url> http;
    std::shared_ptr<const base::Url> https;
    std::vector<std::string> bypass;
};

struct ClientSettings {
    ProxySettings proxies;
    base::Nanos idle_limit = std::chrono::seconds(90);
    bool reuse_connections = true;         // noConnectionReuse
    std::size_t connections_per_host = 0;  // busy at once; 0: as many as are wanted
};

/// One virtual user's connections (k6 keeps them per user). Parks the calling fiber; several fibers
/// of one user may call at once (batch). A failing target is data in the Exchange, never an Error.
/// An idle connection that the server closed before the first response byte is retried once on a
/// new one, as browsers do (RFC 9110 §9.2.2: idempotent methods, or nothing was sent yet).
class Client {
public:
    Client(rt::Loop& loop, net::Dialer& dialer, const ClientSettings& settings);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] Exchange send(const Request& request, const SendSettings& settings);
    /// Civil time on the loop's clock: cookies expire by it.
    [[nodiscard]] base::WallTime wall() const noexcept { return loop_->clock().wall(); }
    /// Closes idle connections (noVUConnectionReuse: between iterations).
    void close_idle() noexcept;

private:
    struct Job;

    void send_in_place(Job& job);
    [[nodiscard]] std::unique_ptr<Connection> dial(Job& job);
    void send_over(std::unique_ptr<Connection> connection, Job& job);

    rt::Loop* loop_;
    net::Dialer* dialer_;
    const ClientSettings* settings_;
    std::string wire_;  // the last request's bytes: its memory is used again
    std::unique_ptr<Pool> pool_;
};

}  // namespace weir::http

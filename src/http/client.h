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

class Pool;

/// Proxies by scheme and the hosts that bypass them. Source: HTTP_PROXY, HTTPS_PROXY, NO_PROXY as Go's net/http reads them.
struct ProxySettings {
    std::shared_ptr<const base::Url> http;
    std::shared_ptr<const base::Url> https;
    std::vector<std::string> bypass;
};

struct ClientSettings {
    ProxySettings proxies;
    std::size_t connections_per_host = 0;  // 0: no limit, as k6
    base::Nanos idle_limit = std::chrono::seconds(90);
    bool reuse_connections = true;  // noConnectionReuse
};

/// One virtual user's connections (k6 keeps them per user). Parks the calling fiber; several fibers
/// of one user may call at once (batch). A failing target is data in the Exchange, never an Error.
/// An idle connection that the server closed before the first response byte is retried once on a
/// new one, as browsers do (RFC 9110 §9.2.2: idempotent methods only).
class Client {
public:
    Client(rt::Loop& loop, net::Dialer& dialer, const ClientSettings& settings);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] Exchange send(const Request& request, const SendSettings& settings);
    /// Closes idle connections (noVUConnectionReuse: between iterations).
    void close_idle() noexcept;

private:
    rt::Loop* loop_;
    const ClientSettings* settings_;
    std::unique_ptr<Pool> pool_;
};

}  // namespace weir::http

#include "http/pool.h"

#include <utility>

namespace weir::http {

bool Route::serves(const base::Url& url, const base::Url* through) const noexcept {
    if (port != url.port || host != url.host || tls != (url.scheme == "https")) return false;
    if (proxy.get() == through) return true;
    return proxy != nullptr && through != nullptr && proxy->href == through->href;
}

std::unique_ptr<Connection> Pool::take(const base::Url& url,
                                       const base::Url* proxy,
                                       base::Instant oldest) {
    for (auto& each : idle_) {
        if (!each.route.serves(url, proxy)) continue;
        while (!each.connections.empty()) {
            auto connection = std::move(each.connections.back());
            each.connections.pop_back();
            if (connection->idle_since >= oldest && connection->reusable()) return connection;
            connection->close();
        }
    }
    return nullptr;
}

void Pool::give_back(const base::Url& url,
                     std::shared_ptr<const base::Url> proxy,
                     std::unique_ptr<Connection> connection) {
    for (auto& each : idle_) {
        if (!each.route.serves(url, proxy.get())) continue;
        each.connections.push_back(std::move(connection));
        return;
    }
    auto& added = idle_.emplace_back();
    added.route = {.tls = url.scheme == "https",
                   .port = url.port,
                   .host = url.host,
                   .proxy = std::move(proxy)};
    added.connections.push_back(std::move(connection));
}

}  // namespace weir::http

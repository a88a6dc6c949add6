// Pool: one user's idle connections by origin and proxy; the last one back is the first out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/url.h"
#include "http/connection.h"

namespace weir::http {

/// What makes two requests able to share a connection. Cheap to compare: users have few.
struct Route {
    bool tls = false;
    std::uint16_t port = 0;
    std::string host;
    std::shared_ptr<const base::Url> proxy;
    [[nodiscard]] bool serves(const base::Url& url, const base::Url* through) const noexcept;
};

class Pool {
public:
    /// A connection that is still open, or null. Those idle since before `oldest` are closed.
    [[nodiscard]] std::unique_ptr<Connection> take(const base::Url& url,
                                                   const base::Url* proxy,
                                                   base::Instant oldest);
    void give_back(const base::Url& url,
                   std::shared_ptr<const base::Url> proxy,
                   std::unique_ptr<Connection> connection);
    void clear() noexcept { idle_.clear(); }

private:
    struct Idle {
        Route route;
        std::vector<std::unique_ptr<Connection>> connections;
    };
    std::vector<Idle> idle_;
};

}  // namespace weir::http

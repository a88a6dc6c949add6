// Pool: one user's idle connections by origin and proxy, and how many may be busy at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/url.h"
#include "http/wire/connection.h"
#include "rt/baton.h"
#include "rt/loop.h"

namespace weir::http {

/// Where connections lead that can serve the same requests.
class Origin {
public:
    Origin(const base::Url& url, std::shared_ptr<const base::Url> proxy);
    Origin(const Origin&) = delete;
    Origin& operator=(const Origin&) = delete;

    [[nodiscard]] bool serves(const base::Url& url, const base::Url* proxy) const noexcept;

    /// Takes one of `places` (0: as many as are wanted), first come, first served. Parks the fiber
    /// while all are taken. Wake::posted: call leave() afterwards.
    [[nodiscard]] rt::Wake enter(rt::Loop& loop, std::size_t places, base::Instant deadline);
    void leave() noexcept;

    /// The connection that came back last and is still open, or null. Those idle since before
    /// `oldest` are closed.
    [[nodiscard]] std::unique_ptr<Connection> take_idle(base::Instant oldest);
    void give_back(std::unique_ptr<Connection> connection) {
        idle_.push_back(std::move(connection));
    }
    void close_idle() noexcept { idle_.clear(); }

private:
    bool tls_;
    std::uint16_t port_;
    std::string host_;
    std::shared_ptr<const base::Url> proxy_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t busy_ = 0;
    std::vector<rt::Baton*> waiting_;  // on their fibers' stacks
};

class Pool {
public:
    /// Stays where it is until the pool is gone. Users know few, so they are looked through.
    [[nodiscard]] Origin& origin(const base::Url& url,
                                 const std::shared_ptr<const base::Url>& proxy);
    void close_idle() noexcept;

private:
    std::vector<std::unique_ptr<Origin>> origins_;
};

}  // namespace weir::http

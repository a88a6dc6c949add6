#include "http/wire/pool.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace weir::http {

Origin::Origin(const base::Url& url, std::shared_ptr<const base::Url> proxy)
    : tls_(url.scheme == "https"), port_(url.port), host_(url.host), proxy_(std::move(proxy)) {}

bool Origin::serves(const base::Url& url, const base::Url* proxy) const noexcept {
    if (port_ != url.port || host_ != url.host || tls_ != (url.scheme == "https")) return false;
    if (proxy_.get() == proxy) return true;
    return proxy_ != nullptr && proxy != nullptr && proxy_->href == proxy->href;
}

rt::Wake Origin::enter(rt::Loop& loop, std::size_t places, base::Instant deadline) {
    if (places == 0 || busy_ < places) {
        busy_ += 1;
        return rt::Wake::posted;
    }
    rt::Baton called(loop);
    waiting_.push_back(&called);
    const rt::Wake wake = called.wait(deadline);
    if (wake == rt::Wake::posted) return wake;  // the place of the one who left is ours
    const auto still_waiting = std::find(waiting_.begin(), waiting_.end(), &called);
    if (still_waiting != waiting_.end()) {
        waiting_.erase(still_waiting);
    } else {
        leave();  // called and cancelled at once: the next one may have it
    }
    return wake;
}

void Origin::leave() noexcept {
    CHECK(busy_ > 0);
    if (waiting_.empty()) {
        busy_ -= 1;
        return;
    }
    rt::Baton* const next = waiting_.front();
    waiting_.erase(waiting_.begin());
    next->post();
}

std::unique_ptr<Connection> Origin::take_idle(base::Instant oldest) {
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->idle_since >= oldest && connection->reusable()) return connection;
        connection->close();
    }
    return nullptr;
}

Origin& Pool::origin(const base::Url& url, const std::shared_ptr<const base::Url>& proxy) {
    for (const auto& known : origins_) {
        if (known->serves(url, proxy.get())) return *known;
    }
    return *origins_.emplace_back(std::make_unique<Origin>(url, proxy));
}

void Pool::close_idle() noexcept {
    for (const auto& origin : origins_) origin->close_idle();
}

}  // namespace weir::http

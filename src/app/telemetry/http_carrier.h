// HttpCarrier: parcels as the bodies of requests, one after the other, again while that may help.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/telemetry/carrier.h"
#include "base/result.h"
#include "http/client.h"
#include "net/net_dialer.h"
#include "notify/http_call.h"
#include "rt/epoll_loop.h"

namespace weir::app {

/// Whom to tell, and how.
struct HttpRoute {
    notify::HttpCall call;                    // but for the body
    std::optional<notify::HttpCall> make_it;  // what is asked when the answer is 404, once
    net::NetSettings network;
    /// What a receiver that took a body complains of in its answer; may be empty.
    std::function<std::string(std::string_view answer)> complaint;
};

class HttpCarrier final : public Carrier {
public:
    /// On `loop`, which does not run yet. The error names what of the route cannot be used.
    [[nodiscard]] static base::Result<std::unique_ptr<HttpCarrier>> make(rt::EpollLoop& loop,
                                                                         HttpRoute route);
    [[nodiscard]] Carried carry(std::span<const telemetry::Parcel> parcels,
                                base::Instant deadline) override;

private:
    HttpCarrier(rt::EpollLoop& loop, HttpRoute route);
    [[nodiscard]] Carried carry_one(const std::string& body, base::Instant deadline);
    [[nodiscard]] bool make_it(base::Instant deadline);

    rt::EpollLoop& loop_;
    HttpRoute route_;
    http::ClientSettings settings_;
    std::shared_ptr<const base::Url> url_;
    std::unique_ptr<net::NetDialer> dialer_;
    std::unique_ptr<http::Client> client_;
};

}  // namespace weir::app

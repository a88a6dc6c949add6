#include "app/preflight.h"

#include "app/seats.h"
#include "base/format.h"
#include "base/url.h"
#include "http/session.h"
#include "rt/fiber.h"

namespace weir::app {
namespace {

constexpr base::Nanos patience = std::chrono::seconds(10);

base::Result<void> answer_of(const http::Exchange& exchange, const std::string& url) {
    if (!exchange.answered()) {
        return base::Error{base::Code::io, base::format("the target does not answer: GET {}: {}",
                                                        url, exchange.failure.text)};
    }
    if (exchange.status >= 500) {
        return base::Error{
            base::Code::io,
            base::format("the target is not well: GET {} gave status {}", url, exchange.status)};
    }
    return {};
}

}  // namespace

base::Result<void> preflight(const GateSuite& gate) {
    TRY(const auto base_url, base::parse_url(gate.environment.base_url));
    TRY(auto url, base::resolve_url(gate.environment.health_url, base_url));
    const std::string asked = url.href;
    TRY(const auto network, net_settings_from(gate.request.tiers.flags));
    TRY(const auto seats, Seats::make(network));
    const auto seat = seats->control();
    const http::ClientSettings settings;
    http::Client client(*seat.loop, *seat.dialer, settings);
    base::Result<void> result;
    rt::Fiber fiber(*seat.loop, *seat.stacks, rt::io_stack_bytes, [&] {
        http::Request request;
        request.url = std::make_shared<const base::Url>(std::move(url));
        request.headers.push_back({"User-Agent", gate.marks.user_agent});
        http::FetchSettings wishes;
        wishes.redirects_max = 0;  // a redirect to a sign-in page is an answer
        wishes.send.deadline = seat.loop->clock().now() + patience;
        result = answer_of(http::fetch(client, std::move(request), wishes).back().exchange, asked);
    });
    fiber.start();
    while (!fiber.done()) seat.loop->run();
    return result;
}

}  // namespace weir::app

#include "app/notify/courier.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "app/process_environment.h"
#include "app/seats.h"
#include "base/url.h"
#include "http/h1_codec.h"
#include "http/proxy_settings.h"
#include "http/session.h"
#include "rt/baton.h"
#include "rt/fiber.h"

namespace weir::app {
namespace {

constexpr int tries_most = 3;
constexpr base::Nanos pause = std::chrono::milliseconds(200);
/// What is told answers in a line; nobody fills our memory.
constexpr std::size_t answer_most = 64UL * 1024;

}  // namespace

http::ClientSettings courier_settings() {
    http::ClientSettings settings;
    auto proxies = http::proxies_from(environment_variable);
    // A proxy's name that cannot be read shows itself in the calls that fail.
    if (proxies.ok()) settings.proxies = std::move(proxies).value();
    return settings;
}

notify::HttpAnswer carry_once(http::Client& client,
                              const notify::HttpCall& call,
                              const std::shared_ptr<const base::Url>& url,
                              base::Instant deadline) {
    http::Request request;
    request.method = call.method;
    request.url = url;
    for (const auto& [name, value] : call.headers) request.headers.push_back({name, value});
    request.body = call.body;
    request.has_body = true;
    // A token with a line break would begin a header of its own.
    if (auto fits = http::check_request(request); !fits.ok()) {
        return {.status = 0, .body = {}, .failure = fits.error().text, .retry_after = {}};
    }
    http::FetchSettings wishes;
    wishes.redirects_max = 0;
    wishes.send.deadline = deadline;
    wishes.send.body_limit = answer_most;
    auto exchange = std::move(http::fetch(client, std::move(request), wishes).back().exchange);
    const bool said = exchange.answered() || exchange.outcome == http::Outcome::body_too_large;
    return {.status = said ? exchange.status : 0,
            .body = std::move(exchange.body),
            .failure = std::move(exchange.failure.text),
            .retry_after = std::string(exchange.header("retry-after"))};
}

notify::HttpAnswer carry(http::Client& client,
                         rt::Loop& loop,
                         const notify::HttpCall& call,
                         base::Instant deadline,
                         int tries) {
    auto parsed = base::parse_url(call.url);
    if (!parsed.ok()) return {.status = 0, .body = {}, .failure = parsed.error().text};
    const auto url = std::make_shared<const base::Url>(std::move(parsed).value());
    notify::HttpAnswer answer;
    for (int tried = 1; tried <= tries; ++tried) {
        const base::Instant now = loop.clock().now();
        // One that hangs must leave time for another try.
        const base::Instant until = tried < tries ? now + (deadline - now) / 2 : deadline;
        answer = carry_once(client, call, url, until);
        if (notify::delivery_of(answer) != notify::Delivery::later || answer.status == 429) break;
        const base::Instant next = loop.clock().now() + pause * tried;
        if (next >= deadline || tried == tries) break;
        if (!rt::sleep_until(loop, next)) break;
    }
    return answer;
}

std::vector<notify::HttpAnswer> carry_all(const std::vector<notify::HttpCall>& calls,
                                          base::Nanos limit) {
    std::vector<notify::HttpAnswer> answers(calls.size());
    if (calls.empty()) return answers;
    auto seats = Seats::make(net::NetSettings{});
    if (!seats.ok()) {
        for (auto& answer : answers) answer.failure = seats.error().text;
        return answers;
    }
    const auto seat = seats.value()->control();
    const auto settings = courier_settings();
    http::Client client(*seat.loop, *seat.dialer, settings);
    const base::Instant deadline = seat.loop->clock().now() + limit;
    std::vector<std::unique_ptr<rt::Fiber>> fibers;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        fibers.push_back(std::make_unique<rt::Fiber>(
            *seat.loop, *seat.stacks, rt::io_stack_bytes,
            [&, i] { answers[i] = carry(client, *seat.loop, calls[i], deadline, tries_most); }));
        fibers.back()->start();
    }
    const auto busy = [](const auto& fiber) { return !fiber->done(); };
    while (std::any_of(fibers.begin(), fibers.end(), busy)) seat.loop->run();
    client.close_idle();
    return answers;
}

}  // namespace weir::app

#include "app/telemetry/http_carrier.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "app/notify/courier.h"
#include "base/url.h"
#include "rt/baton.h"
#include "rt/fiber.h"

namespace weir::app {
namespace {

constexpr int tries_most = 4;
constexpr base::Nanos first_pause = std::chrono::milliseconds(200);
/// Nobody is left alone for longer, whatever it says.
constexpr base::Nanos wait_most = std::chrono::minutes(5);

/// Retry-After in seconds (RFC 9110 §10.2.3); a date is taken for the usual pause.
base::Nanos wait_of(const notify::HttpAnswer& answer) {
    int seconds = 0;
    const auto& text = answer.retry_after;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failed != std::errc{} || end != text.data() + text.size() || seconds < 0) return {};
    return std::min<base::Nanos>(std::chrono::seconds(seconds), wait_most);
}

Carried::End end_of(const notify::HttpAnswer& answer) {
    switch (answer.status) {
        case 400:
        case 413:
        case 415:
        case 422:
            return Carried::End::bad;
        case 429:
            return Carried::End::missed;
        default:
            break;
    }
    return notify::delivery_of(answer) == notify::Delivery::refused ? Carried::End::refused
                                                                    : Carried::End::later;
}

}  // namespace

HttpCarrier::HttpCarrier(rt::EpollLoop& loop, HttpRoute route)
    : loop_(loop), route_(std::move(route)), settings_(courier_settings()) {}

base::Result<std::unique_ptr<HttpCarrier>> HttpCarrier::make(rt::EpollLoop& loop, HttpRoute route) {
    std::unique_ptr<HttpCarrier> made(new HttpCarrier(loop, std::move(route)));
    TRY(auto url, base::parse_url(made->route_.call.url));
    made->url_ = std::make_shared<const base::Url>(std::move(url));
    TRY(made->dialer_, net::NetDialer::make(loop, made->route_.network));
    made->client_ = std::make_unique<http::Client>(loop, *made->dialer_, made->settings_);
    return made;
}

bool HttpCarrier::make_it(base::Instant deadline) {
    const auto call = std::exchange(route_.make_it, std::nullopt);
    if (!call) return false;
    auto url = base::parse_url(call->url);
    if (!url.ok()) return false;
    const auto shared = std::make_shared<const base::Url>(std::move(url).value());
    const auto answer = carry_once(*client_, *call, shared, deadline);
    return notify::delivery_of(answer) == notify::Delivery::done;
}

Carried HttpCarrier::carry_one(const std::string& body, base::Instant deadline) {
    notify::HttpCall call = route_.call;
    call.body = body;
    base::Nanos pause = first_pause;
    for (int tried = 1;; ++tried) {
        const base::Instant now = loop_.clock().now();
        // One that hangs must leave time for another try.
        const base::Instant until = tried < tries_most ? now + (deadline - now) / 2 : deadline;
        const auto answer = carry_once(*client_, call, url_, until);
        if (notify::delivery_of(answer) == notify::Delivery::done) {
            Carried done{.end = Carried::End::all, .parcels = 1, .words = {}, .wait = {}};
            if (route_.complaint) done.words = route_.complaint(answer.body);
            return done;
        }
        if (answer.status == 404 && make_it(deadline)) continue;
        Carried failed{
            .end = end_of(answer),
            .parcels = 0,
            .words = notify::words_of(answer),
            .wait = answer.status == 429 || answer.status == 503 ? wait_of(answer) : base::Nanos{}};
        if (notify::delivery_of(answer) == notify::Delivery::refused) return failed;
        if (loop_.current()->cancelled()) {
            failed.words.clear();
            return failed;
        }
        const base::Instant next = loop_.clock().now() + std::max(pause, failed.wait);
        pause *= 2;
        if (tried >= tries_most || next >= deadline || !rt::sleep_until(loop_, next)) return failed;
    }
}

Carried HttpCarrier::carry(std::span<const telemetry::Parcel> parcels, base::Instant deadline) {
    Carried all;
    for (const auto& parcel : parcels) {
        auto one = carry_one(parcel.body, deadline);
        if (one.end != Carried::End::all) {
            one.parcels = all.parcels;
            return one;
        }
        all.parcels += 1;
        if (!one.words.empty()) all.words = std::move(one.words);
    }
    return all;
}

}  // namespace weir::app

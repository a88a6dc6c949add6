#include "app/attribute/receiver.h"

#include <algorithm>
#include <array>
#include <utility>

#include "app/notify/courier.h"
#include "base/format.h"
#include "notify/alert_payload.h"
#include "notify/http_call.h"
#include "notify/markup.h"

namespace weir::app {
namespace {

constexpr int tries_most = 2;

http::ServerAnswer said(int status, std::string text) {
    http::ServerAnswer answer;
    answer.status = status;
    answer.body = std::move(text) + "\n";
    return answer;
}

}  // namespace

std::string printable(std::string_view text) {
    constexpr std::size_t most = 300;
    auto out = notify::shortened(text, most);
    std::replace_if(
        out.begin(), out.end(),
        [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
    return out;
}

Receiver::Receiver(ReceiverPlan plan, rt::EpollLoop& loop, http::Client& client, base::Log log)
    : plan_(std::move(plan)), loop_(&loop), client_(&client), log_(std::move(log)) {
    for (const auto& suite : plan_.suites) {
        stores_.push_back(std::make_unique<StoreWatch>(suite.store, suite.name, loop));
    }
}

http::ServerAnswer Receiver::answer(const http::ReceivedRequest& request,
                                    const http::ServerTotals& server) {
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    if (request.method == "POST") return take(request);
    if (request.method != "GET" && request.method != "HEAD") return said(405, "POST alerts here");
    if (path == "/-/healthy") return said(200, "weir attribute is well");
    if (path != "/metrics") return said(404, "POST alerts here; see /metrics and /-/healthy");
    auto page = said(200, metrics(server));
    page.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return page;
}

StoreViews Receiver::ask_stores() {
    StoreViews views;
    for (std::size_t i = 0; i < stores_.size(); ++i) {
        // Each has its own time: one that hangs must not take that of the next.
        views.push_back(stores_[i]->ask(loop_->clock().now() + plan_.store_time));
        if (views.back()->failure.empty()) continue;
        totals_.store_failures += 1;
        log_.warn(base::format("the store of {} cannot be asked, so its runs explain nothing: {}",
                               plan_.suites[i].name, views.back()->failure));
    }
    return views;
}

base::Result<Receiver::Parts> Receiver::labelled(std::string_view body, const StoreViews& views) {
    using Part = notify::AlertPayload::Part;
    TRY(auto payload, notify::AlertPayload::parse(body));
    const auto decide = [&](const notify::Alert& alert) {
        return memory_.settle(
            alert, [&] { return cause_among(alert, plan_.suites, views, loop_->clock().wall()); });
    };
    for (const auto& seen : payload.label(decide, plan_.suites.front().scope.rules)) {
        totals_.alerts_unreadable += seen.readable ? 0 : 1;
        (seen.cause.is_run() ? totals_.alerts_run : totals_.alerts_real) += 1;
        log_.info(base::format("{}: {}: {}", printable(seen.name.empty() ? "?" : seen.name),
                               seen.cause.is_run() ? "run" : "real", printable(seen.cause.why)));
    }
    if (plan_.forward_real == plan_.forward_run) return Parts{payload.text(Part::all), {}};
    return Parts{payload.text(Part::real), payload.text(Part::run)};
}

http::ServerAnswer Receiver::take(const http::ReceivedRequest& request) {
    totals_.payloads += 1;
    const auto views = ask_stores();
    // The document is gone, and only text is held, while the next one is waited for.
    auto parts = labelled(request.body, views);
    if (!parts.ok()) {
        totals_.garbage += 1;
        log_.warn("refused: " + printable(parts.error().text));
        return said(400, "no alerts: " + parts.error().text);
    }
    std::string why_not;
    if (!parts.value().real.empty()) {
        why_not = forward(request, plan_.forward_real, std::move(parts.value().real));
    }
    if (why_not.empty() && !parts.value().run.empty()) {
        why_not = forward(request, plan_.forward_run, std::move(parts.value().run));
    }
    if (why_not.empty()) return said(200, "forwarded");
    auto again = said(502, "not forwarded: " + why_not);
    again.headers.emplace_back("Retry-After", "5");
    return again;
}

/// Any 2xx is taken. All else is told to Alertmanager as 502, so that it tries again.
std::string Receiver::forward(const http::ReceivedRequest& request,
                              const std::string& url,
                              std::string body) {
    notify::HttpCall call{.method = "POST", .url = url, .headers = {}, .body = std::move(body)};
    constexpr std::array<std::string_view, 3> passed_on{"Content-Type", "User-Agent",
                                                        "Authorization"};
    for (const auto name : passed_on) {
        const auto value = request.headers.first(name);
        if (!value.empty()) call.headers.emplace_back(name, value);
    }
    const auto deadline = loop_->clock().now() + plan_.forward_time;
    const auto answer = carry(*client_, *loop_, call, deadline, tries_most);
    if (notify::delivery_of(answer) == notify::Delivery::done) {
        totals_.forwarded += 1;
        return {};
    }
    totals_.forward_failures += 1;
    auto why_not = plan_.secrets.redact(printable(notify::words_of(answer)));
    if (why_not.empty()) why_not = "no answer";
    log_.warn("not forwarded, so Alertmanager is asked to try again: " + why_not);
    return why_not;
}

std::string Receiver::metrics(const http::ServerTotals& server) const {
    std::string page;
    const auto counter = [&page](std::string_view name, std::string_view help) {
        page += base::format("# HELP {0} {1}\n# TYPE {0} counter\n", name, help);
    };
    const auto value = [&page](std::string_view series, std::uint64_t count) {
        page += base::format("{} {}\n", series, count);
    };
    counter("weir_attribute_payloads_total", "Payloads received.");
    value("weir_attribute_payloads_total", totals_.payloads);
    counter("weir_attribute_alerts_total", "Alerts by their cause.");
    value("weir_attribute_alerts_total{cause=\"run\"}", totals_.alerts_run);
    value("weir_attribute_alerts_total{cause=\"real\"}", totals_.alerts_real);
    counter("weir_attribute_alerts_unreadable_total", "Alerts passed on as they came.");
    value("weir_attribute_alerts_unreadable_total", totals_.alerts_unreadable);
    counter("weir_attribute_forwarded_total", "Payloads taken by where they go.");
    value("weir_attribute_forwarded_total", totals_.forwarded);
    counter("weir_attribute_forward_failures_total", "Payloads not taken; Alertmanager retries.");
    value("weir_attribute_forward_failures_total", totals_.forward_failures);
    counter("weir_attribute_store_failures_total", "Times that a store could not be asked.");
    value("weir_attribute_store_failures_total", totals_.store_failures);
    counter("weir_attribute_refused_total", "Requests that were not taken.");
    value("weir_attribute_refused_total{why=\"garbage\"}", totals_.garbage);
    value("weir_attribute_refused_total{why=\"not_http\"}", server.refused);
    value("weir_attribute_refused_total{why=\"busy\"}", server.busy);
    value("weir_attribute_refused_total{why=\"slow\"}", server.slow);
    page.pop_back();  // said() ends the last line
    return page;
}

}  // namespace weir::app

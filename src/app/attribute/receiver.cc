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

Receiver::Receiver(
    ReceiverPlan plan, StoreWatch& store, http::Client& client, rt::Loop& loop, base::Log log)
    : plan_(std::move(plan)),
      store_(&store),
      client_(&client),
      loop_(&loop),
      log_(std::move(log)) {}

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

notify::Cause Receiver::cause_of(const notify::Alert& alert, const StoreWatch::View& view) {
    return memory_.settle(alert, [&]() -> notify::Cause {
        if (!view.failure.empty()) return {"", "the store cannot be asked: " + view.failure};
        return notify::cause_of(alert, view.runs, plan_.scope, loop_->clock().wall());
    });
}

base::Result<Receiver::Parts> Receiver::labelled(std::string_view body,
                                                 const StoreWatch::View& view) {
    using Part = notify::AlertPayload::Part;
    TRY(auto payload, notify::AlertPayload::parse(body));
    const auto decide = [&](const notify::Alert& alert) { return cause_of(alert, view); };
    for (const auto& seen : payload.label(decide, plan_.scope.rules)) {
        totals_.alerts_unreadable += seen.readable ? 0 : 1;
        (seen.cause.is_run() ? totals_.alerts_run : totals_.alerts_real) += 1;
        log_.info(base::format("{}: {}: {}", printable(seen.name),
                               seen.cause.is_run() ? "run" : "real", printable(seen.cause.why)));
    }
    if (plan_.forward_real == plan_.forward_run) return Parts{payload.text(Part::all), {}};
    return Parts{payload.text(Part::real), payload.text(Part::run)};
}

http::ServerAnswer Receiver::take(const http::ReceivedRequest& request) {
    totals_.payloads += 1;
    const auto view = store_->ask(loop_->clock().now() + plan_.store_time);
    if (!view->failure.empty()) {
        totals_.store_failures += 1;
        log_.warn("the store cannot be asked, so alerts count as real: " + view->failure);
    }
    // The document is gone, and only text is held, while the next one is waited for.
    auto parts = labelled(request.body, *view);
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
    counter("weir_attribute_store_failures_total", "Payloads decided without the store, as real.");
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

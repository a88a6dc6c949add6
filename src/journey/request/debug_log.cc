#include "journey/request/debug_log.h"

#include <string>

#include "base/format.h"
#include "journey/host/host.h"
#include "journey/request/ask.h"
#include "journey/request/exchange_text.h"
#include "journey/request/masking.h"
#include "plan/secrets.h"

namespace weir::journey {

namespace {

std::string place_of(const Host& host) {
    std::string text = base::format("vu {}", host.id);
    const auto* const scenario = host.iteration.scenario;
    if (scenario == nullptr) return text + ", outside the load";
    if (host.iterations == 0) return text + ", before its first iteration";
    return text + base::format(", iteration {}, scenario {}", host.iterations - 1, scenario->name);
}

}  // namespace

void log_hops(Host& host, const Ask& ask, const std::vector<http::Hop>& hops) {
    std::string text;
    for (std::size_t i = 0; i < hops.size(); ++i) {
        const auto& request = hops[i].request;
        text += base::format("{}{}: {} {}", i == 0 ? "" : "\n", place_of(host), request.method,
                             masked_link(request.url->href));
        if (hops.size() > 1) text += base::format(" (hop {} of {})", i + 1, hops.size());
        text += "\n" + exchange_text(hops[i], {.bodies = host.settings.debug == HttpDebug::full,
                                               .lateness = i == 0 ? ask.lateness : base::Nanos{},
                                               .secrets = host.run.secrets});
        if (i + 1 < hops.size()) {
            text +=
                base::format("{} to {}\n", hops[i].challenge ? "Challenge answered" : "Redirect",
                             masked_link(hops[i + 1].request.url->href));
        }
    }
    if (!ask.refusal.empty()) text += (text.empty() ? "" : "\n") + ask.refusal + "\n";
    if (text.empty()) return;
    if (host.run.secrets != nullptr) host.run.secrets->redact_in_place(text);
    host.run.log.info(text);
}

}  // namespace weir::journey

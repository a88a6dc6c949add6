#include "app/local/first_look.h"

#include <string_view>

#include "app/process_environment.h"
#include "app/seats.h"
#include "app/watch/surroundings_watch.h"
#include "base/format.h"
#include "http/proxy_settings.h"

namespace weir::app {
namespace {

std::string_view advice_for(net::Fault fault) {
    using net::Fault;
    switch (fault) {
        case Fault::connection_refused:
            return "nobody listens there: start the service, or forward its port to this machine";
        case Fault::dns_not_found:
        case Fault::dns_failed:
            return "the name is not known here: look at its spelling, and at the VPN";
        case Fault::dial_timed_out:
        case Fault::timed_out:
        case Fault::dial_failed:
            return "nothing came back: look at the VPN and at firewalls";
        case Fault::tls_untrusted:
        case Fault::tls_wrong_host:
        case Fault::tls_expired:
            return "its certificate is not accepted: insecure_skip_tls_verify = true in your "
                   "weir.local.toml takes any";
        case Fault::tls_handshake:
        case Fault::closed:
        case Fault::reset:
            return "something listens there, but does not speak as asked: http or https, and is it "
                   "the right port?";
        default:
            return "look at the address";
    }
}

}  // namespace

base::Result<void> look_at_target(const EnvironmentRun& run, const plan::Options& options) {
    WatchPlan plan;
    TRY(auto url, absolute_url(run, run.environment.health_url));
    plan.probed.push_back(
        {.name = "", .url = std::move(url), .slow_over = {}, .probes = {}, .last_error = {}});
    plan.user_agent = run.marks.user_agent;
    plan.looks_apart = 1;
    TRY(plan.network, net_settings_from(options));
    TRY(plan.proxies, http::proxies_from(environment_variable));
    TRY(const auto watch, SurroundingsWatch::start(std::move(plan)));
    const auto well = watch->target_is_well();
    if (well.ok()) return {};
    const auto fault = watch->unanswered();
    if (!fault) {
        run.request.log.warn(well.error().text);
        return {};
    }
    const auto& hidden = run.request.evidence.secrets;
    return base::Error{
        base::Code::io,
        hidden.redact(base::format(
            "{}\n  - {}\n  - another address for this run: -e BASE_URL=http://…; for all of yours: "
            "[environment.{}] base_url = \"…\" in weir.local.toml beside weir.toml\nThe journey "
            "was not run; nothing else was sent.",
            well.error().text, advice_for(*fault), run.environment.name))};
}

}  // namespace weir::app

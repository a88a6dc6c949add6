// `weir attribute`: passes Alertmanager's alerts on, each labelled as a run's doing or real.
#include <CLI/CLI.hpp>

#include "app/attribute/receiver.h"
#include "app/attribute/store_watch.h"
#include "app/attribute/suites.h"
#include "app/command_line.h"
#include "app/notify/courier.h"
#include "app/result_directory.h"
#include "app/seats.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/units.h"
#include "base/url.h"
#include "ledger/ledger.h"
#include "notify/alert_payload.h"
#include "plan/suite.h"
#include "rt/clock.h"
#include "rt/signals.h"

namespace weir::app {
namespace {

using base::Error;
using base::Result;
using gate::ExitCode;

struct AttributeFlags {
    std::vector<std::string> configs{"weir.toml"};
    std::string store;
    std::string listen = "127.0.0.1:9095";
    std::string forward;
    std::string forward_real;
    std::string forward_run;
    std::string body_limit = "4MB";
    std::size_t connections = 32;
    std::string explain;
    bool quiet = false;
};

/// What is asked, resolved.
struct Attribution {
    ReceiverPlan plan;
    net::Endpoint listen;
    http::ServerLimits limits;
};

notify::AttributionScope scope_of(const plan::Suite& suite) {
    notify::AttributionScope scope{.rules = suite.attribution, .owners = {}};
    for (const auto& each : suite.environments) scope.owners.push_back({each.name, each.alerts});
    return scope;
}

/// "@FILE" is the file's first line: an address with a token in it is no matter for `ps`.
Result<std::string> url_of(const std::string& flag, std::string text, plan::Secrets& secrets) {
    if (text.starts_with('@')) {
        TRY(const auto read, read_file(text.substr(1)));
        text = read.substr(0, read.find_first_of("\r\n"));
        secrets.add(text);
    }
    auto url = base::parse_url(text);
    if (!url.ok()) return base::within(flag, {url.error().code, secrets.redact(url.error().text)});
    if (url.value().path.size() > 1) secrets.add(url.value().path);
    if (url.value().scheme == "http" || url.value().scheme == "https") return text;
    return Error{base::Code::invalid, flag + ": must begin with http:// or https://"};
}

Result<void> resolve_forwards(AttributeFlags flags, Attribution& into) {
    if (flags.forward_real.empty()) flags.forward_real = flags.forward;
    if (flags.forward_run.empty()) flags.forward_run = flags.forward;
    if (flags.forward_real.empty() || flags.forward_run.empty()) {
        return Error{base::Code::invalid,
                     "--forward URL says where alerts go; or both --forward-real URL and "
                     "--forward-run URL"};
    }
    auto& plan = into.plan;
    TRY(plan.forward_real, url_of("--forward-real", flags.forward_real, plan.secrets));
    TRY(plan.forward_run, url_of("--forward-run", flags.forward_run, plan.secrets));
    for (const auto& text : {plan.forward_real, plan.forward_run}) {
        TRY(const auto url, base::parse_url(text));
        if (url.port != into.listen.port) continue;
        if (url.host != into.listen.ip.text() && url.host != "localhost") continue;
        return Error{base::Code::invalid,
                     base::format("{} is this receiver itself: name where alerts go from here",
                                  plan.secrets.redact(text))};
    }
    return {};
}

Result<WatchedSuite> suite_of(const std::string& config, const std::string& store) {
    TRY(const auto text, read_file(config));
    TRY(const auto suite, plan::parse_suite(text, config));
    WatchedSuite watched{
        .name = suite.name, .store = store.empty() ? suite.store : store, .scope = scope_of(suite)};
    if (!watched.store.empty()) return watched;
    return Error{base::Code::invalid,
                 config +
                     " keeps no history (store.url is empty), and without it no alert can be "
                     "told from a real one: name one with --store"};
}

Result<Attribution> resolve(const AttributeFlags& flags) {
    Attribution made;
    for (const auto& config : flags.configs) {
        TRY(auto suite, suite_of(config, flags.store));
        made.plan.suites.push_back(std::move(suite));
    }
    if (!flags.explain.empty()) return made;
    const auto listen = net::Endpoint::parse(flags.listen);
    if (!listen || flags.listen.find(':') == std::string::npos) {
        return Error{base::Code::invalid,
                     base::format("--listen {}: not an address with a port, such as 127.0.0.1:9095 "
                                  "or [::1]:9095",
                                  flags.listen)};
    }
    made.listen = *listen;
    const auto limit = base::parse_bytes(flags.body_limit);
    if (!limit.ok()) return base::within("--body-limit", limit.error());
    made.limits.request.body = limit.value();
    made.limits.connections = flags.connections;
    TRY_VOID(resolve_forwards(flags, made));
    return made;
}

std::shared_ptr<const StoreWatch::View> view_of(const WatchedSuite& suite, base::WallTime now) {
    auto view = std::make_shared<StoreWatch::View>();
    view->failure.clear();
    auto opened = ledger::Ledger::open(suite.store);
    if (!opened.ok()) {
        view->failure = opened.error().text;
        return view;
    }
    auto runs = opened.value().spans(suite.name, now - spans_age, now);
    if (runs.ok()) {
        view->runs = std::move(runs).value();
    } else {
        view->failure = runs.error().text;
    }
    return view;
}

/// What it would do with a payload, and why; nothing is sent.
Result<std::string> explain(const Attribution& asked, const std::string& file) {
    TRY(const auto body, read_file(file == "-" ? "/dev/stdin" : file));
    const auto now = rt::SystemClock().wall();
    const auto& suites = asked.plan.suites;
    StoreViews views;
    for (const auto& suite : suites) views.push_back(view_of(suite, now));
    const auto decide = [&](const notify::Alert& alert) {
        return cause_among(alert, suites, views, now);
    };
    auto payload = notify::AlertPayload::parse(body);
    if (!payload.ok()) return base::within("it would be refused (400)", payload.error());
    std::string text;
    for (const auto& seen : payload.value().label(decide, suites.front().scope.rules)) {
        const auto cause = seen.cause.is_run() ? "run " + seen.cause.run_id : std::string("real");
        text += base::format("{}: {}\n    {}\n", printable(seen.name.empty() ? "?" : seen.name),
                             cause, printable(seen.cause.why));
    }
    if (!text.empty()) return text;
    return std::string("no alerts of a version that is known here: forwarded as real, untouched\n");
}

ExitCode serve(const Attribution& asked, bool quiet) {
    auto seats = Seats::make(net::NetSettings{});
    if (!seats.ok()) {
        print_error("error: " + seats.error().text + "\n");
        return ExitCode::gate_error;
    }
    const auto seat = seats.value()->control();
    auto& loop = seats.value()->control_loop();
    http::Server* running = nullptr;
    // Before the stores' threads: they must not take our signals.
    const rt::SignalWatch signals(loop, [&running](int, unsigned) {
        if (running != nullptr) running->stop();
    });
    const auto log =
        terminal_log(detect_terminal(true, quiet), quiet ? base::Level::warn : base::Level::info);
    const auto client_settings = courier_settings();
    http::Client client(loop, *seat.dialer, client_settings);
    Receiver receiver(asked.plan, loop, client, log);
    auto server = http::Server::listen(loop, *seat.stacks, asked.listen, asked.limits,
                                       [&](const http::ReceivedRequest& request) {
                                           return receiver.answer(request, running->totals());
                                       });
    if (!server.ok()) {
        print_error("error: " + server.error().text + "\n");
        return ExitCode::gate_error;
    }
    running = server.value().get();
    std::string names;
    for (const auto& suite : asked.plan.suites) names += (names.empty() ? "" : ", ") + suite.name;
    print(base::format("weir attribute: listening on {}, for alerts of {}\n",
                       net::Endpoint{asked.listen.ip, running->port()}.text(), names));
    while (!running->ended()) loop.run();
    client.close_idle();
    print("weir attribute: ended\n");
    return ExitCode::ok;
}

std::optional<ExitCode> parse(const Arguments& arguments, AttributeFlags& flags) {
    CLI::App app(
        "Receive Alertmanager's webhook, label each alert as a run's doing or real, and pass it "
        "on. In doubt an alert is real.",
        "weir attribute");
    app.add_option("-c,--config", flags.configs,
                   "configuration that names suite and store; may be given for each suite")
        ->capture_default_str();
    app.add_option("--store", flags.store, "sqlite:PATH or postgresql://…, instead");
    app.add_option("--listen", flags.listen, "address and port")->capture_default_str();
    app.add_option("--forward", flags.forward, "where alerts go: a URL, or @FILE with one");
    app.add_option("--forward-real", flags.forward_real, "where real alerts go, instead");
    app.add_option("--forward-run", flags.forward_run, "where alerts of runs go, instead");
    app.add_option("--body-limit", flags.body_limit, "of one payload")->capture_default_str();
    app.add_option("--connections", flags.connections, "at once, at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 10'000));
    app.add_option("--explain", flags.explain, "say what would become of this payload, and why");
    app.add_flag("-q,--quiet", flags.quiet, "no line for each alert");
    return read_arguments(app, arguments);
}

}  // namespace

ExitCode attribute_command(const Arguments& arguments) {
    AttributeFlags flags;
    if (const auto early = parse(arguments, flags)) return *early;
    const auto asked = resolve(flags);
    if (!asked.ok()) {
        print_error("error: " + asked.error().text + "\n");
        return ExitCode::usage;
    }
    if (flags.explain.empty()) return serve(asked.value(), flags.quiet);
    const auto text = explain(asked.value(), flags.explain);
    if (!text.ok()) {
        print_error("error: " + text.error().text + "\n");
        return ExitCode::usage;
    }
    print(text.value());
    return ExitCode::ok;
}

}  // namespace weir::app

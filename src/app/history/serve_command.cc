#include "app/history/serve_command.h"

#include <cstdlib>

#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/history/serve_plan.h"
#include "app/history/team_site.h"
#include "app/seats.h"
#include "app/terminal.h"
#include "base/format.h"
#include "ledger/ledger.h"
#include "rt/signals.h"
#include "weir_app_embedded.h"

namespace weir::app {
namespace {

using gate::ExitCode;

/// Bodies are never asked for; those who send one anyway get a plain answer.
http::ServerLimits server_limits() {
    http::ServerLimits limits;
    limits.request.headers = 16UL * 1024;
    limits.request.body = 64UL * 1024;
    return limits;
}

/// "http://127.0.0.1:8780/": to be clicked on.
std::string url_of(const net::Endpoint& at) {
    return base::format("http://{}/", at.text());
}

ExitCode serve(const ServePlan& plan, bool quiet) {
    auto seats = Seats::make(net::NetSettings{});
    if (!seats.ok()) {
        print_error("error: " + seats.error().text + "\n");
        return ExitCode::gate_error;
    }
    const auto seat = seats.value()->control();
    auto& loop = seats.value()->control_loop();
    http::Server* running = nullptr;
    // Before the site's threads: they must not take our signals. Nothing is lost by ending at once:
    // twice is how the server does that.
    const rt::SignalWatch signals(loop, [&running](int, unsigned) {
        if (running == nullptr) return;
        running->stop();
        running->stop();
    });
    const auto log =
        terminal_log(detect_terminal(true, quiet), quiet ? base::Level::warn : base::Level::info);
    TeamSite site(plan.site, loop, log);
    auto server = http::Server::listen(
        loop, *seat.stacks, plan.listen, server_limits(),
        [&site](const http::ReceivedRequest& request) { return site.answer(request); });
    if (!server.ok()) {
        print_error("error: " + server.error().text + "\n");
        return ExitCode::gate_error;
    }
    running = server.value().get();
    print(base::format("weir history serve: {} shows {}{}\n",
                       url_of({plan.listen.ip, running->port()}),
                       ledger::without_password(plan.site.store.url),
                       plan.site.door.token_sha256.empty() ? "" : ", and asks for the token"));
    while (!running->ended()) loop.run();
    print("weir history serve: ended\n");
    // A store that hangs holds nothing up; its library's thread must not see the process' globals
    // go.
    if (!site.at_rest()) std::_Exit(static_cast<int>(ExitCode::ok));
    return ExitCode::ok;
}

}  // namespace

ExitCode history_serve(const Arguments& arguments) {
    ServeFlags flags;
    CLI::App app(
        "Serve the team's page: verdicts, trends, rates, bypasses and debts. It only reads.",
        "weir history serve");
    flags.add_to(app);
    if (const auto early = read_arguments(app, arguments)) return *early;
    const auto plan = resolve(flags, embedded::history_html);
    if (!plan.ok()) {
        print_error("error: " + plan.error().text + "\n");
        return ExitCode::usage;
    }
    return serve(plan.value(), flags.quiet);
}

}  // namespace weir::app

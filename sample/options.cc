#include "sample/options.h"

#include <sstream>

#include <CLI/CLI.hpp>

#include "sample/memory_limit.h"

namespace weir::sample {
namespace {

constexpr const char* about =
    "weir-sample: a small referrals service to try a performance gate on.\n\n"
    "Signs people in on a second origin and shows them the cases of the contracts they hold. Its "
    "dashboard can be the good one, or either of two that took a real service down.\n"
    "Every user has the password \"sample-password\"; --list-users shows who sees how much.";

/// What the command line says in words of its own, before it is understood.
struct Raw {
    std::string dashboard{"paginated"};
    std::string memory_limit;
    std::vector<std::string> faults;
    long session_ttl = 1200;
    long token_ttl = 1200;
};

void add_service_options(CLI::App& app, ServiceOptions& service, Raw& raw) {
    app.add_option("--listen", service.listen, "Address to listen on")->capture_default_str();
    app.add_option("--port", service.port, "Port of pages and API; 0 takes a free one")
        ->capture_default_str();
    app.add_option("--auth-port", service.auth_port, "Port of the sign-in; 0 takes a free one")
        ->capture_default_str();
    app.add_option("--public-url", service.public_url, "Origin of the pages as browsers see it");
    app.add_option("--public-auth-url", service.public_auth_url,
                   "Origin of the sign-in as browsers see it");
    app.add_option("--dashboard", raw.dashboard,
                   "How dashboards read their cases: paginated (the fix), unbounded, "
                   "in-memory-paging (the two outages)")
        ->check(CLI::IsMember({"paginated", "unbounded", "in-memory-paging"}))
        ->capture_default_str();
    app.add_option("--version-label", service.version, "Version that the service reports")
        ->capture_default_str();
    app.add_option("--session-ttl", raw.session_ttl, "Seconds that a sign-in lasts")
        ->check(CLI::Range(1L, 1'000'000L))
        ->capture_default_str();
    app.add_option("--token-ttl", raw.token_ttl, "Seconds that an access token lasts")
        ->check(CLI::Range(1L, 1'000'000L))
        ->capture_default_str();
    app.add_option("--lockout", service.sign_in_attempts,
                   "Wrong passwords in a row that lock an account")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--workers", service.workers,
                   "Requests answered at once, each with a database connection")
        ->check(CLI::Range(1, 200))
        ->capture_default_str();
    app.add_option("--queue", service.queue_limit,
                   "Requests that may wait for a worker; more are refused with 503")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
}

void add_data_options(CLI::App& app, ServiceOptions& service) {
    app.add_option("--database", service.database,
                   "postgresql://user@host/name: use PostgreSQL, in a schema weir_sample that is "
                   "made or replaced. Without it, SQLite");
    app.add_option("--data-dir", service.data_dir,
                   "Directory in which the SQLite data is kept for the next start. Without it, "
                   "nothing is left behind");
    app.add_option("--seed", service.plan.seed, "Equal seeds make equal data")
        ->capture_default_str();
    app.add_option("--referrals", service.plan.referrals, "Sent referrals to make")
        ->check(CLI::Range(100, 5'000'000))
        ->capture_default_str();
}

void add_run_options(CLI::App& app, RunOptions& run, Raw& raw) {
    app.add_option("--memory-limit", raw.memory_limit,
                   "Die, as a pod would, when more memory than this is in use: 256MiB");
    app.add_option("--fault", raw.faults,
                   "What is to go wrong, such as n-plus-one or restart:8; may be repeated. "
                   "docs/sample-service.md lists them")
        ->take_all();
    app.add_option("--cpus", run.cpus, "CPUs to run on, as a pod's limit; 0 means all")
        ->capture_default_str();
    app.add_option("--ready-file", run.ready_file,
                   "File to write the line to that is printed when the service is ready");
    app.add_flag("--list-users", run.list_users, "Print who sees how many referrals, and end");
    app.add_flag("--json", run.as_json, "With --list-users: as JSON");
}

Parsed failure(const std::string& text) {
    return {std::nullopt, "weir-sample: " + text + "\n", 2};
}

}  // namespace

Parsed parse_options(std::span<char* const> arguments) {
    CLI::App app(about, "weir-sample");
    RunOptions run;
    run.service.port = 8080;
    run.service.auth_port = 8090;
    Raw raw;
    add_service_options(app, run.service, raw);
    add_data_options(app, run.service);
    add_run_options(app, run, raw);
    std::vector<std::string> words(arguments.rbegin(), arguments.rend());  // CLI11 wants them so
    try {
        app.parse(std::move(words));
    } catch (const CLI::ParseError& stop) {
        std::ostringstream out;
        const int code = app.exit(stop, out, out);
        return {std::nullopt, out.str(), code == 0 ? 0 : 2};
    }
    run.service.dashboard = *dashboard_kind(raw.dashboard);
    run.service.session_lifetime = std::chrono::seconds(raw.session_ttl);
    run.service.token_lifetime = std::chrono::seconds(raw.token_ttl);
    if (!raw.memory_limit.empty()) {
        const auto bytes = parse_bytes(raw.memory_limit);
        if (!bytes.ok()) return failure("--memory-limit: " + bytes.error().text);
        run.memory_limit_bytes = bytes.value();
    }
    for (const auto& each : raw.faults) {
        const auto added = add_fault(each, run.service.faults);
        if (!added.ok()) return failure("--fault: " + added.error().text);
    }
    if (run.service.faults.data_drift) {
        constexpr std::size_t few = 2000;
        run.service.plan.referrals = few;
        run.service.data_dir.clear();
    }
    const auto& database = run.service.database;
    if (!database.empty() && !database.starts_with("postgresql://") &&
        !database.starts_with("postgres://")) {
        return failure("--database wants postgresql://user@host/name; SQLite needs no address");
    }
    return {std::move(run), "", 0};
}

}  // namespace weir::sample

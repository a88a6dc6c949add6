#include "sample/service.h"

#include <algorithm>
#include <ctime>
#include <thread>

#include <fmt/format.h>
#include <malloc.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "sample/auth/auth_server.h"
#include "sample/auth/directory.h"
#include "sample/auth/tokens.h"
#include "sample/clock.h"
#include "sample/db/timed_connection.h"
#include "sample/faults/dependency.h"
#include "sample/faults/page_faults.h"
#include "sample/seed/seed.h"
#include "sample/site/api.h"
#include "sample/site/metrics_page.h"
#include "sample/site/pages.h"
#include "sample/web/lane.h"
#include "sample/web/server.h"

namespace weir::sample {
namespace {

constexpr std::size_t auth_threads = 2;
constexpr std::size_t auth_queue = 2000;
constexpr std::size_t operations_queue = 50;
constexpr auto stop_patience = std::chrono::seconds(3);

constexpr std::string_view users_path = "/ops/users";

/// Health and its like have a thread and a connection of their own, as a management port has: an
/// overloaded instance still says which one it is.
bool is_operation(const Request& request) {
    return request.path == "/health" || request.path == "/info" || request.path == "/metrics" ||
           request.path == users_path;
}

std::string origin(const std::string& address, std::uint16_t port) {
    const bool any = address == "0.0.0.0" || address == "::";
    const bool six = address.find(':') != std::string::npos && !any;
    const auto host = any ? "127.0.0.1" : six ? "[" + address + "]" : address;
    return "http://" + host + ":" + std::to_string(port);
}

/// As the name of a pod ends.
std::string hex_token() {
    std::string text;
    for (const char c : random_token(5)) text += "0123456789abcdef"[static_cast<unsigned>(c) % 16];
    return text;
}

Response health(Connection& connection) {
    const auto alive = connection.query("select 1", {}, [](const Row&) {});
    const std::string status = alive.ok() ? "UP" : "DOWN";
    nlohmann::json body{{"status", status}, {"components", {{"db", {{"status", status}}}}}};
    if (!alive.ok()) body["components"]["db"]["error"] = alive.error().text;
    return json_response(alive.ok() ? 200 : 503, body.dump());
}

/// A part of the answer's Server-Timing.
std::string timing(std::string_view part, std::chrono::nanoseconds spent) {
    return fmt::format("{};dur={:.1f}", part,
                       std::chrono::duration<double, std::milli>(spent).count());
}

}  // namespace

std::string ServiceFacts::json() const {
    const nlohmann::json body{
        {"name", "weir-sample"},
        {"url", url},
        {"authUrl", auth_url},
        {"version", version},
        {"instanceId", instance},
        {"dashboard", dashboard},
        {"database", database},
        {"referrals", referrals},
        {"dataDigest", digest},
        {"dataReused", data_reused},
        {"pid", getpid()},
        {"dependencyUrl", dependency_url},
        {"metricsUrl", url + "/metrics"},
    };
    return body.dump();
}

/// In the order in which they are made; what is made last goes first.
struct Service::Parts {
    explicit Parts(ServiceOptions given, std::unique_ptr<Directory> people)
        : options(std::move(given)),
          directory(std::move(people)),
          tokens(options.clock),
          auth(*directory, tokens, options.clock),
          pages(auth, *directory, options.clock),
          api(tokens, *directory, options.dashboard) {}

    Response answer(const Request& request, std::size_t thread);
    Response content(const Request& request, std::size_t thread);
    [[nodiscard]] bool is_over(std::chrono::seconds after) const;
    Result<void> listen();
    void describe_sites();

    ServiceOptions options;
    ServiceFacts facts;
    std::unique_ptr<Directory> directory;
    std::vector<std::unique_ptr<Connection>> connections;  // the workers', then the operations'
    Tokens tokens;
    AuthServer auth;
    Pages pages;
    Api api;
    Site main_site;
    Site auth_site;
    IoThread io;
    std::unique_ptr<HttpServer> main_server;
    std::unique_ptr<HttpServer> auth_server;
    std::unique_ptr<Lane> workers;
    std::unique_ptr<Lane> operations;
    std::unique_ptr<Lane> auth_lane;
    std::unique_ptr<Dependency> dependency;
    std::unique_ptr<PageFaults> faults;
    double started = 0;  // seconds since 1970
    std::string next_instance = "weir-sample-" + hex_token();
};

/// So many seconds after the first page; 0: never.
bool Service::Parts::is_over(std::chrono::seconds after) const {
    return after > std::chrono::seconds(0) && faults->since_first_page() > after;
}

Response Service::Parts::answer(const Request& request, std::size_t thread) {
    Response response = content(request, thread);
    const bool changed = is_over(options.faults.new_version_after);
    response.headers.emplace_back("X-App-Version",
                                  changed ? facts.version + "-next" : facts.version);
    response.headers.emplace_back("X-Instance-Id", changed ? next_instance : facts.instance);
    return response;
}

Response Service::Parts::content(const Request& request, std::size_t thread) {
    if (is_operation(request)) {
        auto& connection = *connections.back();
        if (request.path == "/info") return json_response(200, facts.json());
        if (request.path == "/health") return health(connection);
        if (request.path == "/metrics") return metrics_page(started);
        return api.users(request, connection);
    }
    TimedConnection connection(*connections[thread]);
    const auto begun = steady_now();
    Response response = faults->around(request, connection, [&] {
        if (Api::owns(request)) return api.handle(request, connection);
        return pages.handle(request, connection);
    });
    const auto other = steady_now() - begun - connection.spent();
    response.headers.emplace_back("Server-Timing", timing("queue", request.queued) + ", " +
                                                       timing("db", connection.spent()) + ", " +
                                                       timing("page", other));
    return response;
}

void Service::Parts::describe_sites() {
    main_site.lane = [this](const Request& request) -> Lane& {
        return is_operation(request) ? *operations : *workers;
    };
    main_site.respond = [this](const Request& request, std::size_t thread) {
        return answer(request, thread);
    };
    auth_site.lane = [this](const Request&) -> Lane& { return *auth_lane; };
    auth_site.respond = [this](const Request& request, std::size_t) {
        if (options.faults.sign_in_broken && !request.is_read()) {
            return html_response(401, "<h1>The password is not right</h1>");
        }
        return auth.handle(request);
    };
}

Result<void> Service::Parts::listen() {
    workers = std::make_unique<Lane>(options.workers, options.queue_limit);
    operations = std::make_unique<Lane>(1, operations_queue);
    auth_lane = std::make_unique<Lane>(auth_threads, auth_queue);
    main_server = std::make_unique<HttpServer>(io, main_site);
    auth_server = std::make_unique<HttpServer>(io, auth_site);
    auto bound = main_server->listen(options.listen, options.port);
    if (bound.ok()) bound = auth_server->listen(options.listen, options.auth_port);
    dependency = std::make_unique<Dependency>(io, options.faults);
    if (bound.ok()) bound = dependency->listen(options.listen, options.dependency_port);
    if (!bound.ok()) return bound;
    facts.dependency_url = origin(options.listen, dependency->port());
    faults = std::make_unique<PageFaults>(options.faults, facts.dependency_url);
    const auto or_else = [](const std::string& given, const std::string& fallback) {
        return given.empty() ? fallback : given;
    };
    facts.url = or_else(options.public_url, origin(options.listen, main_server->port()));
    facts.auth_url = or_else(options.public_auth_url, origin(options.listen, auth_server->port()));
    auth.configure({facts.url, options.session_lifetime, options.token_lifetime});
    pages.configure({facts.url, facts.auth_url, options.dashboard, options.session_lifetime});
    io.start();
    return {};
}

Result<std::unique_ptr<Database>> open_database(const ServiceOptions& options) {
    if (options.database.empty()) {
        return open_sqlite_database(options.data_dir, options.plan, write_sample_data);
    }
    return open_postgres_database(options.database, options.plan, write_sample_data);
}

Result<std::unique_ptr<Service>> Service::start(ServiceOptions options) {
    auto database = open_database(options);
    if (!database.ok()) return database.error();
    malloc_trim(0);  // what seeding used is not the service's to hold
    auto connections = database.value()->connect(options.workers + 1);
    if (!connections.ok()) return connections.error();
    auto directory = Directory::load(*connections.value().back(), options.sign_in_attempts);
    if (!directory.ok()) return directory.error();
    auto parts = std::make_unique<Parts>(std::move(options), std::move(directory.value()));
    parts->started = static_cast<double>(time(nullptr)) + 0.001 * (getpid() % 1000);
    parts->connections = std::move(connections.value());
    const auto& data = database.value()->facts();
    auto& facts = parts->facts;
    facts.version = parts->options.version;
    facts.instance = "weir-sample-" + hex_token();
    facts.dashboard = dashboard_name(parts->options.dashboard);
    facts.database = database.value()->kind();
    facts.referrals = parts->options.plan.referrals;
    facts.digest = data.digest;
    facts.data_reused = data.reused;
    parts->describe_sites();
    const auto listening = parts->listen();
    if (!listening.ok()) return listening.error();
    return std::unique_ptr<Service>(new Service(std::move(parts)));
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Service::~Service() {
    stop();
}

const ServiceFacts& Service::facts() const {
    return parts_->facts;
}

bool Service::must_restart() const {
    return parts_->is_over(parts_->options.faults.restart_after);
}

void Service::stop() {
    auto& parts = *parts_;
    parts.main_server->stop_accepting();
    parts.auth_server->stop_accepting();
    const auto deadline = steady_now() + stop_patience;
    const auto busy = [&] {
        return parts.main_server->in_flight() + parts.auth_server->in_flight() > 0;
    };
    while (busy() && steady_now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    parts.workers->close();
    parts.operations->close();
    parts.auth_lane->close();
    parts.dependency->stop();
    parts.io.stop();
}

Result<std::vector<Subject>> list_subjects(const ServiceOptions& options) {
    auto database = open_database(options);
    if (!database.ok()) return database.error();
    auto connections = database.value()->connect(1);
    if (!connections.ok()) return connections.error();
    Connection& connection = *connections.value().front();
    const auto directory = Directory::load(connection, options.sign_in_attempts);
    if (!directory.ok()) return directory.error();
    return subjects(connection, directory.value()->users());
}

}  // namespace weir::sample

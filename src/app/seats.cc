#include "app/seats.h"

#include <algorithm>
#include <future>
#include <limits>
#include <memory>
#include <utility>

namespace weir::app {
namespace {

/// Below this a second worker costs more (threads that wake each other) than it brings.
constexpr std::size_t users_per_worker = 100;

base::Result<net::TlsSettings> tls_settings_from(const plan::Options& options) {
    net::TlsSettings tls;
    tls.verify = !options.insecure_skip_tls_verify.value_or(false);
    if (options.tls_version) {
        if (!options.tls_version->min.empty()) {
            TRY(tls.oldest, net::parse_tls_version(options.tls_version->min));
        }
        if (!options.tls_version->max.empty()) {
            TRY(tls.newest, net::parse_tls_version(options.tls_version->max));
        }
    }
    if (options.tls_cipher_suites) tls.cipher_suites = *options.tls_cipher_suites;
    for (const auto& auth : options.tls_auth.value_or(std::vector<plan::TlsAuth>{})) {
        tls.client_certificates.push_back({.certificate = auth.cert,
                                           .key = auth.key,
                                           .password = auth.password,
                                           .domains = auth.domains});
    }
    return tls;
}

}  // namespace

base::Result<net::NetSettings> net_settings_from(const plan::Options& options) {
    net::NetSettings settings;
    if (options.dns) {
        if (options.dns->ttl) settings.dns.ttl = *options.dns->ttl;
        if (options.dns->ttl_infinite) settings.dns.ttl = base::Nanos::max();
        TRY(settings.dns.select, net::parse_address_select(options.dns->select));
        TRY(settings.dns.policy, net::parse_address_policy(options.dns->policy));
    }
    TRY(settings.tls, tls_settings_from(options));
    if (options.hosts) settings.hosts.hosts.assign(options.hosts->begin(), options.hosts->end());
    if (options.block_hostnames) settings.hosts.blocked_names = *options.block_hostnames;
    if (options.blacklist_ips) settings.hosts.blocked_ips = *options.blacklist_ips;
    if (options.local_ips) settings.local_ips.push_back(*options.local_ips);
    return settings;
}

std::size_t workers_for(std::size_t users, std::size_t asked) {
    const std::size_t cores = rt::usable_cpus();
    if (asked > 0) return std::min(asked, std::max<std::size_t>(users, 1));
    return std::clamp<std::size_t>(users / users_per_worker, 1, cores);
}

base::Result<std::unique_ptr<Seats>> Seats::make(const net::NetSettings& settings) {
    std::unique_ptr<Seats> seats(new Seats(settings));
    TRY(seats->control_dialer_, net::NetDialer::make(seats->control_loop_, settings));
    return seats;
}

base::Result<void> Seats::start_workers(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        auto place = std::make_unique<Place>();
        place->worker = std::make_unique<rt::Worker>(
            rt::WorkerOptions{.name = "weir-" + std::to_string(i + 1)});
        TRY(place->dialer, net::NetDialer::make(place->worker->loop(), settings_));
        places_.push_back(std::move(place));
        TRY_VOID(places_.back()->worker->start([](rt::EpollLoop& loop) {
            loop.hold(true);
            loop.run();
        }));
    }
    return {};
}

Seats::~Seats() {
    for (auto& place : places_) {
        rt::EpollLoop& loop = place->worker->loop();
        loop.post_from_any_thread([&loop] { loop.stop(); });
        place->worker->join();
    }
}

engine::Seat Seats::control() noexcept {
    return {.loop = &control_loop_, .stacks = &control_stacks_, .dialer = control_dialer_.get()};
}

std::vector<engine::Seat> Seats::workers() noexcept {
    std::vector<engine::Seat> seats;
    seats.reserve(places_.size());
    for (auto& place : places_) {
        seats.push_back({.loop = &place->worker->loop(),
                         .stacks = &place->stacks,
                         .dialer = place->dialer.get()});
    }
    return seats;
}

std::vector<rt::LoopHealth> Seats::health() {
    std::vector<rt::LoopHealth> all;
    for (const auto& place : places_) {
        // Asked on its own thread: a loop turns, if only to be asked, while this one looks.
        const auto answer = std::make_shared<std::promise<rt::LoopHealth>>();
        rt::EpollLoop& loop = place->worker->loop();
        loop.post_from_any_thread([&loop, answer] { answer->set_value(loop.health()); });
        all.push_back(answer->get_future().get());
    }
    return all;
}

}  // namespace weir::app

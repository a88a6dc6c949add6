#include "net/resolver.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include <ares.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/time.h>

#include "base/assert.h"
#include "base/format.h"
#include "base/units.h"
#include "rt/baton.h"

namespace weir::net {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// The families to ask for, one after the other until one has an address.
std::vector<int> families(AddressPolicy policy) {
    switch (policy) {
        case AddressPolicy::prefer_ipv4:
            return {AF_INET, AF_INET6};
        case AddressPolicy::prefer_ipv6:
            return {AF_INET6, AF_INET};
        case AddressPolicy::only_ipv4:
            return {AF_INET};
        case AddressPolicy::only_ipv6:
            return {AF_INET6};
        case AddressPolicy::any:
            break;
    }
    return {AF_UNSPEC};
}

/// What the policy leaves of addresses that are known without asking.
Resolver::Addresses filtered(const Resolver::Addresses& all, AddressPolicy policy) {
    if (policy == AddressPolicy::any) return all;
    for (const int family : families(policy)) {
        Resolver::Addresses kept;
        std::copy_if(all.begin(), all.end(), std::back_inserter(kept),
                     [family](const IpAddress& ip) { return ip.v6() == (family == AF_INET6); });
        if (!kept.empty()) return kept;
    }
    return {};
}

Resolver::Addresses addresses_of(const ares_addrinfo& answer) {
    Resolver::Addresses made;
    for (const ares_addrinfo_node* node = answer.nodes; node != nullptr; node = node->ai_next) {
        sockaddr_storage address{};
        std::memcpy(&address, node->ai_addr,
                    std::min<std::size_t>(node->ai_addrlen, sizeof address));
        if (const auto endpoint = Endpoint::from_socket(address)) made.push_back(endpoint->ip);
    }
    return made;
}

bool does_not_exist(int status) noexcept {
    return status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME ||
           status == ARES_ENONAME;
}

}  // namespace

struct Resolver::Query {
    Resolver* resolver = nullptr;
    std::string name;
    std::vector<int> families;  // still to be asked for, last first
    std::vector<rt::Baton*> waiters;
    Addresses addresses;
    Failure failure;
};

/// c-ares behind the loop: its sockets are watched, its time-outs are a timer.
class Resolver::Channel {
public:
    explicit Channel(rt::EpollLoop& loop) : loop_(&loop), timer_(&Channel::on_timer, this) {}
    ~Channel() {
        if (channel_ != nullptr) ares_destroy(channel_);
    }
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    [[nodiscard]] Result<void> open(const DnsSettings& settings);
    void ask(Query& query);

private:
    struct Socket {
        Socket(Channel& owner, ares_socket_t of)
            : channel(&owner), fd(of), watch(*owner.loop_, &Channel::on_events, this) {}
        Channel* channel;
        ares_socket_t fd;
        rt::Watch watch;
    };

    static void on_socket(void* self, ares_socket_t fd, int readable, int writable);
    static void on_events(void* socket, std::uint32_t events);
    static void on_timer(void* self);
    static void on_answer(void* query, int status, int timeouts, ares_addrinfo* answer);
    void process(ares_socket_t readable, ares_socket_t writable);
    void arm();

    rt::EpollLoop* loop_;
    rt::Timer timer_;
    ares_channel channel_ = nullptr;
    std::vector<std::unique_ptr<Socket>> sockets_;
};

Result<void> Resolver::Channel::open(const DnsSettings& settings) {
    std::array<char, 2> dns_only{"b"};  // /etc/hosts was read once, at the start
    ares_options options{};
    options.lookups = dns_only.data();
    options.sock_state_cb = &Channel::on_socket;
    options.sock_state_cb_data = this;
    int mask = ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
    if (settings.try_timeout > base::Nanos::zero()) {
        options.timeout = std::max(1, static_cast<int>(base::to_ms(settings.try_timeout)));
        mask |= ARES_OPT_TIMEOUTMS;
    }
    if (const int status = ares_init_options(&channel_, &options, mask); status != ARES_SUCCESS) {
        return Error{Code::io,
                     base::format("setting up name resolution: {}", ares_strerror(status))};
    }
    if (settings.servers.empty()) return {};
    if (const int status = ares_set_servers_ports_csv(channel_, settings.servers.c_str());
        status != ARES_SUCCESS) {
        return Error{Code::invalid,
                     base::format("DNS servers '{}': {}; write ip or ip:port, with commas between",
                                  settings.servers, ares_strerror(status))};
    }
    return {};
}

void Resolver::Channel::on_socket(void* self, ares_socket_t fd, int readable, int writable) {
    auto& sockets = static_cast<Channel*>(self)->sockets_;
    auto found = std::find_if(sockets.begin(), sockets.end(),
                              [fd](const auto& socket) { return socket->fd == fd; });
    if (readable == 0 && writable == 0) {
        if (found != sockets.end()) sockets.erase(found);
        return;
    }
    if (found == sockets.end()) {
        sockets.push_back(std::make_unique<Socket>(*static_cast<Channel*>(self), fd));
        found = std::prev(sockets.end());
    }
    // Refused only for want of kernel memory; then the query ends by its time-out.
    static_cast<void>((*found)->watch.add_level_triggered(
        fd, (readable != 0 ? EPOLLIN : 0U) | (writable != 0 ? EPOLLOUT : 0U)));
}

void Resolver::Channel::on_events(void* socket, std::uint32_t events) {
    // The socket may be gone when c-ares returns: take what is needed first.
    const ares_socket_t fd = static_cast<Socket*>(socket)->fd;
    const bool broken = (events & (EPOLLERR | EPOLLHUP)) != 0;
    const bool readable = broken || (events & EPOLLIN) != 0;
    static_cast<Socket*>(socket)->channel->process(readable ? fd : ARES_SOCKET_BAD,
                                                   (events & EPOLLOUT) != 0 ? fd : ARES_SOCKET_BAD);
}

void Resolver::Channel::on_timer(void* self) {
    static_cast<Channel*>(self)->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void Resolver::Channel::process(ares_socket_t readable, ares_socket_t writable) {
    ares_process_fd(channel_, readable, writable);
    arm();
}

void Resolver::Channel::arm() {
    timeval until{};
    if (ares_timeout(channel_, nullptr, &until) == nullptr) {
        loop_->cancel(timer_);
        return;
    }
    // c-ares counts in whole milliseconds: a little later, or it is asked in vain.
    const base::Nanos wait = std::chrono::seconds(until.tv_sec) +
                             std::chrono::microseconds(until.tv_usec) +
                             std::chrono::milliseconds(1);
    loop_->arm(timer_, loop_->clock().now() + wait);
}

void Resolver::Channel::ask(Query& query) {
    ares_addrinfo_hints hints{};
    hints.ai_flags = ARES_AI_NOSORT;  // sorting would connect sockets to each address
    hints.ai_family = query.families.back();
    query.families.pop_back();
    ares_getaddrinfo(channel_, query.name.c_str(), nullptr, &hints, &Channel::on_answer, &query);
    arm();
}

void Resolver::Channel::on_answer(void* query,
                                  int status,
                                  int /*timeouts*/,
                                  ares_addrinfo* answer) {
    if (status == ARES_EDESTRUCTION) return;
    auto& asked = *static_cast<Query*>(query);
    Channel& channel = *asked.resolver->channel_;
    if (status == ARES_SUCCESS) asked.addresses = addresses_of(*answer);
    if (answer != nullptr) ares_freeaddrinfo(answer);
    if (asked.addresses.empty()) {
        const bool unknown = status == ARES_SUCCESS || does_not_exist(status);
        if (unknown && !asked.families.empty()) {
            channel.ask(asked);
            return;
        }
        asked.failure = {unknown ? Fault::dns_not_found : Fault::dns_failed,
                         base::format("looking up {}: {}", asked.name,
                                      ares_strerror(unknown ? ARES_ENOTFOUND : status))};
    }
    asked.resolver->finish(asked);
}

Result<base::Nanos> parse_dns_ttl(std::string_view text) {
    if (text == "inf") return base::Nanos::max();
    if (text == "0") return base::Nanos::zero();
    auto parsed = base::parse_duration(text);
    if (!parsed.ok()) return base::within("dns ttl", parsed.error());
    if (parsed.value() < base::Nanos::zero()) {
        return Error{Code::invalid, base::format("dns ttl: '{}' is negative; write a duration such "
                                                 "as 5m, 0 to ask each time, or inf",
                                                 text)};
    }
    return parsed;
}

Result<AddressSelect> parse_address_select(std::string_view text) {
    if (text == "first") return AddressSelect::first;
    if (text == "random") return AddressSelect::random;
    if (text == "roundRobin") return AddressSelect::round_robin;
    return Error{Code::invalid,
                 base::format("dns select: '{}' is not one of first, random, roundRobin", text)};
}

Result<AddressPolicy> parse_address_policy(std::string_view text) {
    if (text == "preferIPv4") return AddressPolicy::prefer_ipv4;
    if (text == "preferIPv6") return AddressPolicy::prefer_ipv6;
    if (text == "onlyIPv4") return AddressPolicy::only_ipv4;
    if (text == "onlyIPv6") return AddressPolicy::only_ipv6;
    if (text == "any") return AddressPolicy::any;
    return Error{Code::invalid,
                 base::format("dns policy: '{}' is not one of preferIPv4, preferIPv6, "
                              "onlyIPv4, onlyIPv6, any",
                              text)};
}

Resolver::Resolver(rt::EpollLoop& loop, const DnsSettings& settings)
    : loop_(&loop), settings_(settings), random_(settings.seed) {}

Resolver::~Resolver() {
    for (const auto& [name, query] : pending_) CHECK(query->waiters.empty());
    channel_.reset();
}

Result<std::unique_ptr<Resolver>> Resolver::make(rt::EpollLoop& loop, const DnsSettings& settings) {
    std::unique_ptr<Resolver> made(new Resolver(loop, settings));
    made->channel_ = std::make_unique<Channel>(loop);
    TRY_VOID(made->channel_->open(settings));
    made->read_hosts_file();
    return made;
}

void Resolver::read_hosts_file() {
    std::ifstream file(settings_.hosts_file);  // one that is not there says nothing
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string word;
        words >> word;
        const auto ip = IpAddress::parse(word);
        if (!ip) continue;
        while (words >> word) hosts_[word].addresses.push_back(*ip);
    }
    if (hosts_.find("localhost") == hosts_.end()) {  // RFC 6761 §6.3
        hosts_["localhost"].addresses = {*IpAddress::parse("127.0.0.1"), *IpAddress::parse("::1")};
    }
    for (auto& [name, known] : hosts_)
        known.addresses = filtered(known.addresses, settings_.policy);
}

Resolver::Addresses Resolver::in_order(const Known& known, std::size_t& turn) {
    Addresses made = known.addresses;
    if (made.size() < 2 || settings_.select == AddressSelect::first) return made;
    const std::size_t first = settings_.select == AddressSelect::random
                                  ? static_cast<std::size_t>(random_.below(made.size()))
                                  : turn++ % made.size();
    std::rotate(made.begin(), made.begin() + static_cast<std::ptrdiff_t>(first), made.end());
    return made;
}

std::variant<Resolver::Addresses, Failure> Resolver::lookup(std::string_view name,
                                                            base::Instant deadline) {
    if (const auto ip = IpAddress::parse(name)) return Addresses{*ip};
    if (const auto found = hosts_.find(name); found != hosts_.end()) {
        Known& known = found->second;
        if (!known.addresses.empty()) return in_order(known, known.turn);
    }
    if (const auto found = known_.find(name); found != known_.end()) {
        Known& known = found->second;
        if (loop_->now() < known.expires) return in_order(known, known.turn);
    }
    return ask(name, deadline);
}

std::variant<Resolver::Addresses, Failure> Resolver::ask(std::string_view name,
                                                         base::Instant deadline) {
    auto found = pending_.find(name);
    const bool first = found == pending_.end();
    const auto query = first ? std::make_shared<Query>() : found->second;
    rt::Baton answered(*loop_);
    query->waiters.push_back(&answered);
    if (first) {
        query->resolver = this;
        query->name = name;
        query->families = families(settings_.policy);
        std::reverse(query->families.begin(), query->families.end());
        pending_.emplace(query->name, query);
        channel_->ask(*query);  // may answer at once
    }
    const rt::Wake wake = answered.wait(deadline);
    std::erase(query->waiters, &answered);
    if (wake == rt::Wake::cancelled) {
        return Failure{Fault::cancelled, base::format("looking up {}: cancelled", name)};
    }
    if (wake == rt::Wake::timed_out) {
        return Failure{Fault::dns_failed, base::format("looking up {}: no answer in time", name)};
    }
    if (query->failure.failed()) return query->failure;
    const auto known = known_.find(name);
    if (known != known_.end()) return in_order(known->second, known->second.turn);
    std::size_t turn = 0;
    return in_order({query->addresses, {}, 0}, turn);
}

void Resolver::finish(Query& query) {
    const auto found = pending_.find(query.name);
    CHECK(found != pending_.end());
    const auto kept = found->second;  // the waiters still read from it
    pending_.erase(found);
    if (!query.addresses.empty() && settings_.ttl > base::Nanos::zero()) {
        const bool for_ever = settings_.ttl == base::Nanos::max();
        Known& known = known_[query.name];  // keeps its turn over renewals
        known.addresses = query.addresses;
        known.expires = for_ever ? base::never : loop_->now() + settings_.ttl;
    }
    for (rt::Baton* waiter : query.waiters) waiter->post();
}

}  // namespace weir::net

// Resolver: names become addresses over c-ares, without blocking the loop, cached as k6's dns
// option says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "net/address.h"
#include "net/fault.h"
#include "rt/epoll_loop.h"

namespace weir::net {

enum class AddressSelect : std::uint8_t { first, random, round_robin };
enum class AddressPolicy : std::uint8_t { prefer_ipv4, prefer_ipv6, only_ipv4, only_ipv6, any };

/// k6's dns option. Source: k6 documentation, "Options reference", dns.
struct DnsSettings {
    base::Nanos ttl = std::chrono::minutes(5);  // zero: ask each time; Nanos::max(): for ever
    AddressSelect select = AddressSelect::random;
    AddressPolicy policy = AddressPolicy::prefer_ipv4;
    std::string servers{};  // "ip[:port],…"; empty: as /etc/resolv.conf says
    std::string hosts_file = "/etc/hosts";
    base::Nanos try_timeout{};  // zero: c-ares' default (seconds); of one try of several
    std::uint64_t seed = 1;     // for select = random
};

/// ttl: a duration, "0" or "inf". The error names the option and what it may be.
[[nodiscard]] base::Result<base::Nanos> parse_dns_ttl(std::string_view text);
[[nodiscard]] base::Result<AddressSelect> parse_address_select(std::string_view text);
[[nodiscard]] base::Result<AddressPolicy> parse_address_policy(std::string_view text);

/// One per worker. Failures are not cached.
class Resolver {
public:
    using Addresses = std::vector<IpAddress>;

    [[nodiscard]] static base::Result<std::unique_ptr<Resolver>> make(rt::EpollLoop& loop,
                                                                      const DnsSettings& settings);
    ~Resolver();  // no fiber may wait in lookup()
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// In the order in which they are to be tried; never empty. Parks the calling fiber unless the
    /// answer is known. Callers that ask for one name at the same time share one query.
    [[nodiscard]] std::variant<Addresses, Failure> lookup(std::string_view name,
                                                          base::Instant deadline);

private:
    class Channel;  // c-ares
    struct Query;
    struct Known {
        Addresses addresses;
        base::Instant expires;
        std::size_t turn = 0;
    };

    Resolver(rt::EpollLoop& loop, const DnsSettings& settings);
    void read_hosts_file();
    [[nodiscard]] Addresses in_order(const Known& known, std::size_t& turn);
    [[nodiscard]] std::variant<Addresses, Failure> ask(std::string_view name,
                                                       base::Instant deadline);
    void finish(Query& query);

    rt::EpollLoop* loop_;
    DnsSettings settings_;
    base::Random random_;
    base::TextMap<Known> known_;
    base::TextMap<Known> hosts_;
    base::TextMap<std::shared_ptr<Query>> pending_;
    std::unique_ptr<Channel> channel_;
};

}  // namespace weir::net

// Options: what the user asked for, in k6's terms, typed; each tier fills what it says, layers
// merge.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "plan/scenario.h"
#include "plan/threshold.h"

namespace weir::plan {

/// k6's `dns`.
struct Dns {
    std::optional<base::Nanos> ttl;  // zero: never cached
    bool ttl_infinite = false;
    std::string select = "random";      // first, random, roundRobin
    std::string policy = "preferIPv4";  // preferIPv6, onlyIPv4, onlyIPv6, any
};

/// One entry of k6's `tlsAuth`; PEM texts.
struct TlsAuth {
    std::string cert;
    std::string key;
    std::string password;
    std::vector<std::string> domains;
};

struct TlsVersions {
    std::string min;  // "tls1.0" … "tls1.3", empty: the library's default
    std::string max;
};

/// Only what was said is set. Source: grafana.com/docs/k6, "Options reference".
struct Options {
    // How much load: the shortcuts, or scenarios.
    std::optional<std::uint32_t> vus;
    std::optional<base::Nanos> duration;
    std::optional<std::uint64_t> iterations;
    std::optional<std::vector<Stage>> stages;
    std::optional<std::vector<Scenario>> scenarios;  // in the order written

    std::optional<std::vector<ThresholdSet>> thresholds;
    std::optional<bool> no_setup;
    std::optional<bool> no_teardown;
    std::optional<base::Nanos> setup_timeout;
    std::optional<base::Nanos> teardown_timeout;
    std::optional<base::Nanos> handle_summary_timeout;
    std::optional<base::Nanos> min_iteration_duration;
    std::optional<bool> paused;
    std::optional<std::uint64_t> rps;

    std::optional<Dns> dns;
    std::optional<int> max_redirects;
    std::optional<std::string> user_agent;
    std::optional<std::uint32_t> batch;
    std::optional<std::uint32_t> batch_per_host;
    std::optional<std::string> http_debug;  // "" or "full"
    std::optional<bool> insecure_skip_tls_verify;
    std::optional<std::vector<std::string>> tls_cipher_suites;
    std::optional<TlsVersions> tls_version;
    std::optional<std::vector<TlsAuth>> tls_auth;
    std::optional<bool> throw_on_failure;  // k6's `throw`
    std::optional<std::vector<std::string>> blacklist_ips;
    std::optional<std::vector<std::string>> block_hostnames;
    std::optional<std::map<std::string, std::string>> hosts;
    std::optional<bool> no_connection_reuse;
    std::optional<bool> no_vu_connection_reuse;
    std::optional<bool> no_cookies_reset;
    std::optional<bool> discard_response_bodies;
    std::optional<std::string> local_ips;

    std::optional<std::vector<std::string>> summary_trend_stats;
    std::optional<std::string> summary_time_unit;  // "s", "ms", "us"
    std::optional<std::vector<std::string>> system_tags;
    std::optional<std::map<std::string, std::string>> tags;

    /// Top-level names in a script or file that are none of k6's options: warned about, as k6 does.
    std::vector<std::string> unknown;
};

/// The system tags that are on by default.
[[nodiscard]] const std::vector<std::string>& default_system_tags();
/// "avg", "min", "med", "max", "p(90)", "p(95)".
[[nodiscard]] const std::vector<std::string>& default_trend_stats();

}  // namespace weir::plan

#include "plan/option_fields.h"

#include <string>

#include "base/format.h"
#include "base/units.h"
#include "plan/json_reader.h"
#include "plan/parse_scenarios.h"

namespace weir::plan {
namespace {

using base::Json;
using base::Result;

Result<Dns> read_dns(const Json& value, std::string_view path) {
    if (!value.is_object()) return wrong_type(path, "{ttl, select, policy}", value);
    Dns dns;
    if (value.contains("ttl") && !value.at("ttl").is_null()) {
        const auto& ttl = value.at("ttl");
        if (ttl.is_string() && ttl.get<std::string>() == "inf") {
            dns.ttl_infinite = true;
        } else {
            TRY(dns.ttl, read_duration(ttl, std::string(path) + ".ttl"));
        }
    }
    dns.select = base::text_or(value, "select", dns.select);
    dns.policy = base::text_or(value, "policy", dns.policy);
    if (dns.select != "first" && dns.select != "random" && dns.select != "roundRobin") {
        return wrong_type(std::string(path) + ".select", "first, random or roundRobin", value);
    }
    return dns;
}

Result<TlsVersions> read_tls_versions(const Json& value, std::string_view path) {
    if (value.is_string()) return TlsVersions{value.get<std::string>(), value.get<std::string>()};
    if (!value.is_object()) return wrong_type(path, "a version or {min, max}", value);
    return TlsVersions{base::text_or(value, "min", ""), base::text_or(value, "max", "")};
}

Result<std::vector<TlsAuth>> read_tls_auth(const Json& value, std::string_view path) {
    if (!value.is_array()) return wrong_type(path, "a list of {cert, key, domains}", value);
    std::vector<TlsAuth> all;
    for (const auto& each : value) {
        TlsAuth auth{base::text_or(each, "cert", ""),
                     base::text_or(each, "key", ""),
                     base::text_or(each, "password", ""),
                     {}};
        if (auth.cert.empty() || auth.key.empty()) {
            return base::Error{
                base::Code::invalid,
                base::format("{}[{}] needs cert and key as PEM text", path, all.size())};
        }
        if (each.contains("domains")) {
            TRY(auth.domains, read_texts(each.at("domains"), std::string(path) + ".domains"));
        }
        all.push_back(std::move(auth));
    }
    return all;
}

Result<int> read_redirects(const Json& value, std::string_view path) {
    TRY(const auto count, read_count(value, path));
    return static_cast<int>(count);
}

Result<std::string> read_debug(const Json& value, std::string_view path) {
    if (value.is_boolean()) return std::string(value.get<bool>() ? "headers" : "");
    return read_text(value, path);
}

Result<std::vector<Scenario>> read_all_scenarios(const Json& value, std::string_view /*path*/) {
    return read_scenarios(value);
}

Result<std::vector<ThresholdSet>> read_all_thresholds(const Json& value,
                                                      std::string_view /*path*/) {
    return read_thresholds(value);
}

#define WEIR_OPTION(name, environment, form, member, reader)                              \
    {                                                                                     \
        name, environment, TextForm::form,                                                \
            [](const Json& value, std::string_view path, Options& into) -> Result<void> { \
                TRY(into.member, reader(value, path));                                    \
                return {};                                                                \
            },                                                                            \
            [](Options& high, Options& low) {                                             \
                if (!high.member) high.member = std::move(low.member);                    \
            }                                                                             \
    }

const OptionField fields[] = {
    WEIR_OPTION("vus", "VUS", whole, vus, read_count),
    WEIR_OPTION("duration", "DURATION", duration, duration, read_duration),
    WEIR_OPTION("iterations", "ITERATIONS", whole, iterations, read_whole),
    WEIR_OPTION("stages", "STAGES", stages, stages, read_stages),
    WEIR_OPTION("scenarios", "SCENARIOS", json, scenarios, read_all_scenarios),
    WEIR_OPTION("thresholds", "", json, thresholds, read_all_thresholds),
    WEIR_OPTION("noSetup", "NO_SETUP", flag, no_setup, read_bool),
    WEIR_OPTION("noTeardown", "NO_TEARDOWN", flag, no_teardown, read_bool),
    WEIR_OPTION("setupTimeout", "SETUP_TIMEOUT", duration, setup_timeout, read_duration),
    WEIR_OPTION("teardownTimeout", "TEARDOWN_TIMEOUT", duration, teardown_timeout, read_duration),
    WEIR_OPTION("handleSummaryTimeout",
                "HANDLE_SUMMARY_TIMEOUT",
                duration,
                handle_summary_timeout,
                read_duration),
    WEIR_OPTION("minIterationDuration",
                "MIN_ITERATION_DURATION",
                duration,
                min_iteration_duration,
                read_duration),
    WEIR_OPTION("paused", "PAUSED", flag, paused, read_bool),
    WEIR_OPTION("rps", "RPS", whole, rps, read_whole),
    WEIR_OPTION("dns", "DNS", map, dns, read_dns),
    WEIR_OPTION("maxRedirects", "MAX_REDIRECTS", whole, max_redirects, read_redirects),
    WEIR_OPTION("userAgent", "USER_AGENT", text, user_agent, read_text),
    WEIR_OPTION("batch", "BATCH", whole, batch, read_count),
    WEIR_OPTION("batchPerHost", "BATCH_PER_HOST", whole, batch_per_host, read_count),
    WEIR_OPTION("httpDebug", "HTTP_DEBUG", text, http_debug, read_debug),
    WEIR_OPTION("insecureSkipTLSVerify",
                "INSECURE_SKIP_TLS_VERIFY",
                flag,
                insecure_skip_tls_verify,
                read_bool),
    WEIR_OPTION("tlsCipherSuites", "TLS_CIPHER_SUITES", list, tls_cipher_suites, read_texts),
    WEIR_OPTION("tlsVersion", "TLS_VERSION", text, tls_version, read_tls_versions),
    WEIR_OPTION("tlsAuth", "TLS_AUTH", json, tls_auth, read_tls_auth),
    WEIR_OPTION("throw", "THROW", flag, throw_on_failure, read_bool),
    WEIR_OPTION("blacklistIPs", "BLACKLIST_IPS", list, blacklist_ips, read_texts),
    WEIR_OPTION("blockHostnames", "BLOCK_HOSTNAMES", list, block_hostnames, read_texts),
    WEIR_OPTION("hosts", "HOSTS", json, hosts, read_text_map),
    WEIR_OPTION("noConnectionReuse", "NO_CONNECTION_REUSE", flag, no_connection_reuse, read_bool),
    WEIR_OPTION(
        "noVUConnectionReuse", "NO_VU_CONNECTION_REUSE", flag, no_vu_connection_reuse, read_bool),
    WEIR_OPTION("noCookiesReset", "NO_COOKIES_RESET", flag, no_cookies_reset, read_bool),
    WEIR_OPTION("discardResponseBodies",
                "DISCARD_RESPONSE_BODIES",
                flag,
                discard_response_bodies,
                read_bool),
    WEIR_OPTION("localIPs", "LOCAL_IPS", text, local_ips, read_text),
    WEIR_OPTION("summaryTrendStats", "SUMMARY_TREND_STATS", list, summary_trend_stats, read_texts),
    WEIR_OPTION("summaryTimeUnit", "SUMMARY_TIME_UNIT", text, summary_time_unit, read_text),
    WEIR_OPTION("systemTags", "SYSTEM_TAGS", list, system_tags, read_texts),
    WEIR_OPTION("tags", "TAGS", map, tags, read_text_map),
};
#undef WEIR_OPTION

}  // namespace

std::span<const OptionField> option_fields() {
    return fields;
}

const OptionField* find_option(std::string_view name) {
    for (const auto& field : fields) {
        if (field.name == name) return &field;
    }
    return nullptr;
}

const std::vector<std::string>& default_system_tags() {
    static const std::vector<std::string> tags{"proto",       "subproto",
                                               "status",      "method",
                                               "url",         "name",
                                               "group",       "check",
                                               "error",       "error_code",
                                               "tls_version", "scenario",
                                               "service",     "expected_response"};
    return tags;
}

const std::vector<std::string>& default_trend_stats() {
    static const std::vector<std::string> stats{"avg", "min", "med", "max", "p(90)", "p(95)"};
    return stats;
}

}  // namespace weir::plan

#include "app/telemetry/outputs.h"

#include <filesystem>
#include <utility>

#include "app/result_directory.h"
#include "app/telemetry/file_carrier.h"
#include "app/telemetry/http_carrier.h"
#include "app/telemetry/udp_carrier.h"
#include "base/format.h"
#include "base/url.h"
#include "base/version.h"
#include "http/auth/credentials.h"
#include "journey/evidence.h"
#include "notify/http_call.h"
#include "telemetry/influx.h"
#include "telemetry/json_lines.h"
#include "telemetry/otlp.h"
#include "telemetry/prometheus_write.h"
#include "telemetry/statsd.h"

namespace weir::app {
namespace {

using base::Result;
using Made = Result<std::unique_ptr<Output>>;

std::unique_ptr<Output> output_of(OutputParts parts) {
    return std::make_unique<Output>(std::move(parts));
}

telemetry::TagRules tag_rules(const plan::TelemetryTags& tags,
                              const plan::TelemetryRules& rules,
                              const OutputContext& context) {
    telemetry::TagRules made{.added = tags.added, .left_out = tags.left_out, .kept = {}};
    if (!rules.run_tag.empty()) made.added.emplace(rules.run_tag, context.run_id);
    return made;
}

Result<std::string> file_text(const OutputContext& context, const std::string& name) {
    return read_file((std::filesystem::path(context.directory) / name).string());
}

Result<net::NetSettings> network_of(const plan::HttpReceiver& to, const OutputContext& context) {
    net::NetSettings network;
    network.tls.verify = !to.insecure_skip_tls_verify;
    network.tls.resume_sessions = true;
    if (!to.tls_min.empty()) {
        TRY(network.tls.oldest, net::parse_tls_version(to.tls_min));
    }
    if (!to.ca_file.empty()) {
        network.tls.roots_file = (std::filesystem::path(context.directory) / to.ca_file).string();
    }
    if (!to.client_cert_file.empty()) {
        net::TlsClientCertificate own;
        TRY(own.certificate, file_text(context, to.client_cert_file));
        TRY(own.key, file_text(context, to.client_key_file));
        network.tls.client_certificates.push_back(std::move(own));
    }
    return network;
}

/// The header Authorization of a receiver; a URL's own user and password are taken out of it.
Result<std::string> authorization(const plan::HttpReceiver& to,
                                  std::string_view token_word,
                                  base::Url& url,
                                  const OutputContext& context) {
    if (to.token.given()) {
        TRY(const auto token, context.secret("token", to.token));
        context.hidden.add(token);
        return std::string(token_word) + " " + token;
    }
    std::string user = to.username;
    std::string password;
    if (to.password.given()) {
        TRY(password, context.secret("password", to.password));
    } else if (user.empty() && !url.username.empty()) {
        user = http::percent_decoded(url.username);
        password = http::percent_decoded(url.password);
        context.hidden.add(url.password);
    }
    if (user.empty()) return std::string();
    context.hidden.add(password);
    return notify::basic(user, password);
}

Result<HttpRoute> route_to(const plan::HttpReceiver& to,
                           std::string_view token_word,
                           const std::string& address,
                           const OutputContext& context) {
    HttpRoute route;
    TRY(auto url, base::parse_url(address));
    TRY(const auto authorized, authorization(to, token_word, url, context));
    TRY(route.network, network_of(to, context));
    route.call.method = "POST";
    route.call.url = url.origin() + url.target();
    auto& headers = route.call.headers;
    headers.emplace_back("User-Agent", base::format("weir/{}", base::version));
    if (!authorized.empty()) headers.emplace_back("Authorization", authorized);
    for (const auto& [name, value] : to.headers) {
        context.hidden.add(value);
        headers.emplace_back(name, value);
    }
    for (const auto& [name, source] : to.secret_headers) {
        TRY(const auto value, context.secret(name, source));
        context.hidden.add(value);
        headers.emplace_back(name, value);
    }
    return route;
}

std::string shown(std::string_view kind, const HttpRoute& route) {
    const auto url = base::parse_url(route.call.url);
    return base::format("{} {}", kind,
                        url.ok() ? journey::redacted_url(url.value()) : std::string());
}

Made make_prometheus(const plan::TelemetryRules& rules, const OutputContext& context) {
    const auto& wanted = *rules.prometheus;
    TRY(auto route, route_to(wanted.to, "Bearer", wanted.to.url, context));
    auto& headers = route.call.headers;
    headers.emplace_back("Content-Type", "application/x-protobuf");
    headers.emplace_back("Content-Encoding", "snappy");
    headers.emplace_back("X-Prometheus-Remote-Write-Version", "0.1.0");
    OutputParts parts{.kind = "prometheus",
                      .name = shown("prometheus", route),
                      .interval = wanted.interval,
                      .tags = tag_rules(wanted.tags, rules, context),
                      .encoder = nullptr,
                      .carrier = nullptr};
    parts.encoder = std::make_unique<telemetry::PrometheusWrite>(
        telemetry::PrometheusShape{.trend_stats = wanted.trend_stats,
                                   .native_histograms = wanted.native_histograms,
                                   .stale_markers = wanted.stale_markers});
    TRY(parts.carrier, HttpCarrier::make(context.loop, std::move(route)));
    return output_of(std::move(parts));
}

Made make_otlp(const plan::TelemetryRules& rules, const OutputContext& context) {
    const auto& wanted = *rules.otlp;
    TRY(auto route, route_to(wanted.to, "Bearer", wanted.to.url, context));
    route.call.headers.emplace_back("Content-Type", "application/x-protobuf");
    if (wanted.gzip) route.call.headers.emplace_back("Content-Encoding", "gzip");
    route.complaint = telemetry::otlp_complaint;
    OutputParts parts{.kind = "otlp",
                      .name = shown("otlp", route),
                      .interval = wanted.interval,
                      .tags = tag_rules(wanted.tags, rules, context),
                      .encoder = nullptr,
                      .carrier = nullptr};
    telemetry::OtlpShape shape{
        .prefix = wanted.prefix,
        .resource = wanted.resource,
        .scope_version = std::string(base::version),
        .exponential = wanted.histogram == plan::OtlpOutput::Histogram::exponential,
        .delta = wanted.delta,
        .single_counter_for_rate = wanted.single_counter_for_rate,
        .gzip = wanted.gzip};
    shape.resource.emplace("service.name", wanted.service_name);
    shape.resource.emplace("service.version", wanted.service_version.empty()
                                                  ? std::string(base::version)
                                                  : wanted.service_version);
    shape.resource.emplace("service.instance.id", context.run_id);
    parts.encoder = std::make_unique<telemetry::Otlp>(std::move(shape));
    TRY(parts.carrier, HttpCarrier::make(context.loop, std::move(route)));
    return output_of(std::move(parts));
}

Made make_statsd(const plan::TelemetryRules& rules, const OutputContext& context) {
    const auto& wanted = *rules.statsd;
    OutputParts parts{.kind = "statsd",
                      .name = "statsd " + wanted.address,
                      .interval = wanted.interval,
                      .tags = tag_rules(wanted.tags, rules, context),
                      .encoder = nullptr,
                      .carrier = nullptr};
    // Without tags nobody could tell series apart; a check's name becomes part of a metric's.
    if (!wanted.tags_on) parts.tags = {.added = {}, .left_out = {}, .kept = {{"check"}}};
    parts.encoder = std::make_unique<telemetry::Statsd>(telemetry::StatsdShape{
        .prefix = wanted.prefix, .tags_on = wanted.tags_on, .lines_most = wanted.lines_most});
    TRY(parts.carrier, UdpCarrier::make(context.loop, wanted.address));
    return output_of(std::move(parts));
}

Made make_influxdb(const plan::TelemetryRules& rules, const OutputContext& context) {
    const auto& wanted = *rules.influxdb;
    const bool version_1 = wanted.bucket.empty();
    const std::string address =
        version_1 ? base::format("{}/write?db={}&precision=ns", wanted.to.url,
                                 base::query_value(wanted.database))
                  : base::format("{}/api/v2/write?org={}&bucket={}&precision=ns", wanted.to.url,
                                 base::query_value(wanted.organization),
                                 base::query_value(wanted.bucket));
    TRY(auto route, route_to(wanted.to, "Token", address, context));
    route.call.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    if (version_1) {
        // As k6 does, but only where there is none.
        route.make_it = route.call;
        std::string name;
        for (const char c : wanted.database) {
            if (c == '"' || c == '\\') name += '\\';
            name += c;
        }
        route.make_it->url =
            base::format("{}/query?q={}", route.call.url.substr(0, route.call.url.find("/write?")),
                         base::query_value(base::format("CREATE DATABASE \"{}\"", name)));
    }
    OutputParts parts{.kind = "influxdb",
                      .name = shown("influxdb", route),
                      .interval = wanted.interval,
                      .tags = tag_rules(wanted.tags, rules, context),
                      .encoder = nullptr,
                      .carrier = nullptr};
    parts.encoder = std::make_unique<telemetry::Influx>(
        telemetry::InfluxShape{.points_most = wanted.points_most});
    TRY(parts.carrier, HttpCarrier::make(context.loop, std::move(route)));
    return output_of(std::move(parts));
}

Made make_json(const plan::TelemetryRules& rules, const OutputContext& context) {
    const auto& wanted = *rules.json;
    const auto path = (std::filesystem::path(context.directory) / wanted.path).string();
    OutputParts parts{.kind = "json",
                      .name = "telemetry-json " + wanted.path,
                      .interval = wanted.interval,
                      .tags = tag_rules(wanted.tags, rules, context),
                      .encoder = nullptr,
                      .carrier = nullptr};
    parts.encoder =
        std::make_unique<telemetry::JsonLines>(context.run_id, wanted.path.ends_with(".gz"));
    TRY(parts.carrier, FileCarrier::make(path));
    return output_of(std::move(parts));
}

}  // namespace

std::vector<std::string> kinds_of(const plan::TelemetryRules& rules) {
    std::vector<std::string> kinds;
    if (rules.prometheus) kinds.emplace_back("prometheus");
    if (rules.otlp) kinds.emplace_back("otlp");
    if (rules.statsd) kinds.emplace_back("statsd");
    if (rules.influxdb) kinds.emplace_back("influxdb");
    if (rules.json) kinds.emplace_back("json");
    return kinds;
}

Made make_output(const std::string& kind,
                 const plan::TelemetryRules& rules,
                 const OutputContext& context) {
    if (kind == "prometheus") return make_prometheus(rules, context);
    if (kind == "otlp") return make_otlp(rules, context);
    if (kind == "statsd") return make_statsd(rules, context);
    if (kind == "influxdb") return make_influxdb(rules, context);
    return make_json(rules, context);
}

}  // namespace weir::app

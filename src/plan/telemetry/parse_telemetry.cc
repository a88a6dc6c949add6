#include "plan/telemetry/parse_telemetry.h"

#include <array>
#include <string>
#include <utility>

#include "base/format.h"
#include "base/url.h"
#include "plan/parse_secret.h"

namespace weir::plan {
namespace {

using base::Result;

Result<void> check_url(TomlTable& table, std::string_view section, const std::string& text) {
    const auto& node = *table.find("url");
    const auto url = base::parse_url(text);
    if (!url.ok()) return table.error_at(node, url.error().text);
    if (url.value().scheme != "http" && url.value().scheme != "https") {
        return table.error_at(
            node, base::format("telemetry.{}.url must begin with http:// or https://", section));
    }
    if (url.value().username.empty() && url.value().password.empty()) return {};
    return table.error_at(node, base::format("telemetry.{}.url has a password in it: give username "
                                             "and password = {{ env = \"VARIABLE\" }} instead",
                                             section));
}

Result<void> read_receiver(TomlTable& table, std::string_view section, HttpReceiver& to) {
    TRY_VOID(table.read_text("url", to.url));
    if (!table.has("url")) {
        return table.error(base::format("telemetry.{}.url is missing", section));
    }
    TRY_VOID(check_url(table, section, to.url));
    TRY_VOID(read_secret(table, "token", to.token));
    TRY_VOID(table.read_text("username", to.username));
    TRY_VOID(read_secret(table, "password", to.password));
    if (to.username.empty() == to.password.given() || (to.token.given() && to.password.given())) {
        return table.error(base::format(
            "telemetry.{} has either a token, or username and password, or none of them", section));
    }
    TRY_VOID(table.read_text_map("headers", to.headers));
    TRY_VOID(table.read_named("secret_headers", [&to](std::string_view name, TomlTable& secret) {
        return read_secret_keys(secret, to.secret_headers[std::string(name)]);
    }));
    TRY_VOID(table.read_bool("insecure_skip_tls_verify", to.insecure_skip_tls_verify));
    TRY_VOID(table.read_text("ca_file", to.ca_file));
    TRY_VOID(table.read_text("client_cert_file", to.client_cert_file));
    TRY_VOID(table.read_text("client_key_file", to.client_key_file));
    if (to.client_cert_file.empty() == to.client_key_file.empty()) return {};
    return table.error(base::format(
        "telemetry.{}: client_cert_file and client_key_file belong together", section));
}

Result<void> read_interval(TomlTable& table, std::string_view section, base::Nanos& into) {
    TRY_VOID(table.read_duration("interval", into));
    if (into >= std::chrono::seconds(1)) return {};
    return table.error_at(*table.find("interval"),
                          base::format("telemetry.{}.interval is at least 1s", section));
}

Result<void> read_tags(TomlTable& table, TelemetryTags& tags) {
    TRY_VOID(table.read_text_map("tags", tags.added));
    return table.read_texts("without_tags", tags.left_out);
}

/// One of two words.
Result<bool> read_choice(TomlTable& table,
                         std::string_view section,
                         std::string_view key,
                         const std::array<std::string_view, 2>& words) {
    std::string said(words[0]);
    TRY_VOID(table.read_text(key, said));
    if (said == words[0] || said == words[1]) return said == words[1];
    return table.error_at(*table.find(key), base::format("telemetry.{}.{} is \"{}\" or \"{}\"",
                                                         section, key, words[0], words[1]));
}

Result<void> read_prometheus(TomlTable& table, TelemetryRules& rules) {
    PrometheusOutput output;
    TRY_VOID(read_receiver(table, "prometheus", output.to));
    TRY_VOID(read_interval(table, "prometheus", output.interval));
    TRY_VOID(table.read_texts("trend_stats", output.trend_stats));
    for (const auto& stat : output.trend_stats) {
        if (is_trend_stat(stat)) continue;
        return table.error_at(
            *table.find("trend_stats"),
            base::format("'{}' is none of count, sum, min, max, avg, med and p(x)", stat));
    }
    TRY_VOID(table.read_bool("native_histograms", output.native_histograms));
    TRY_VOID(table.read_bool("stale_markers", output.stale_markers));
    TRY_VOID(read_tags(table, output.tags));
    rules.prometheus = std::move(output);
    return {};
}

Result<void> read_otlp(TomlTable& table, TelemetryRules& rules) {
    OtlpOutput output;
    TRY_VOID(read_receiver(table, "otlp", output.to));
    TRY_VOID(read_interval(table, "otlp", output.interval));
    TRY_VOID(table.read_text("prefix", output.prefix));
    TRY_VOID(table.read_text("service_name", output.service_name));
    TRY_VOID(table.read_text("service_version", output.service_version));
    TRY_VOID(table.read_text_map("resource", output.resource));
    TRY(const bool exponential,
        read_choice(table, "otlp", "histogram", {"explicit", "exponential"}));
    if (exponential) output.histogram = OtlpOutput::Histogram::exponential;
    TRY(output.delta, read_choice(table, "otlp", "temporality", {"cumulative", "delta"}));
    TRY(const bool pair, read_choice(table, "otlp", "rates", {"single", "pair"}));
    output.single_counter_for_rate = !pair;
    TRY_VOID(table.read_bool("gzip", output.gzip));
    TRY_VOID(read_tags(table, output.tags));
    rules.otlp = std::move(output);
    return {};
}

Result<void> read_statsd(TomlTable& table, TelemetryRules& rules) {
    StatsdOutput output;
    TRY_VOID(table.read_text("address", output.address));
    TRY_VOID(read_interval(table, "statsd", output.interval));
    TRY_VOID(table.read_text("prefix", output.prefix));
    TRY_VOID(table.read_bool("dogstatsd", output.tags_on));
    TRY_VOID(table.read_whole("lines_most", output.lines_most, {10, 100'000}));
    TRY_VOID(read_tags(table, output.tags));
    rules.statsd = std::move(output);
    return {};
}

Result<void> read_influxdb(TomlTable& table, TelemetryRules& rules) {
    InfluxOutput output;
    TRY_VOID(read_receiver(table, "influxdb", output.to));
    while (output.to.url.ends_with('/')) output.to.url.pop_back();
    TRY_VOID(read_interval(table, "influxdb", output.interval));
    TRY_VOID(table.read_text("database", output.database));
    TRY_VOID(table.read_text("organization", output.organization));
    TRY_VOID(table.read_text("bucket", output.bucket));
    if (output.bucket.empty() == output.database.empty() ||
        output.bucket.empty() != output.organization.empty()) {
        return table.error(
            "telemetry.influxdb has either a database (version 1), or organization and bucket "
            "(versions 2 and 3)");
    }
    TRY_VOID(table.read_whole("points_most", output.points_most, {10, 100'000}));
    TRY_VOID(read_tags(table, output.tags));
    rules.influxdb = std::move(output);
    return {};
}

Result<void> read_json(TomlTable& table, TelemetryRules& rules) {
    JsonLinesOutput output;
    TRY_VOID(table.read_text("path", output.path));
    if (output.path.empty()) return table.error("telemetry.json.path is missing");
    TRY_VOID(read_interval(table, "json", output.interval));
    TRY_VOID(read_tags(table, output.tags));
    rules.json = std::move(output);
    return {};
}

}  // namespace

Result<void> read_telemetry(TomlTable& root, TelemetryRules& rules) {
    return root.read_section("telemetry", [&rules](TomlTable& table) -> Result<void> {
        using Read = Result<void> (*)(TomlTable&, TelemetryRules&);
        constexpr std::array<std::pair<std::string_view, Read>, 5> outputs{
            {{"prometheus", read_prometheus},
             {"otlp", read_otlp},
             {"statsd", read_statsd},
             {"influxdb", read_influxdb},
             {"json", read_json}}};
        TRY_VOID(table.read_text("run_tag", rules.run_tag));
        for (const auto& [name, read] : outputs) {
            TRY_VOID(table.read_section(name,
                                        [&, read = read](TomlTable& t) { return read(t, rules); }));
        }
        return {};
    });
}

}  // namespace weir::plan

#include <algorithm>
#include <cfloat>
#include <cmath>

#include "base/assert.h"
#include "base/json.h"
#include "record/codec.h"
#include "record/codec/pairs_codec.h"
#include "record/codec/surroundings.h"
#include "record/wall_text.h"
#include "stats/hdr_codec.h"

namespace weir::record {
namespace {

using base::Json;

/// Leaves out what has its default: the decoder fills it in again.
template <typename T>
void put(Json& object, const char* key, const T& value) {
    if (value != T{}) object[key] = value;
}
void put(Json& object, const char* key, base::Nanos value) {
    put(object, key, value.count());
}

/// JSON has no infinities; sums can have, when a script adds values near the end of the doubles.
double finite(double value) {
    return std::isnan(value) ? 0 : std::clamp(value, -DBL_MAX, DBL_MAX);
}

template <typename T, typename Write>
void put_list(Json& object, const char* key, const std::vector<T>& list, Write&& write) {
    if (list.empty()) return;
    Json array = Json::array();
    for (const auto& each : list) array.push_back(write(each));
    object[key] = std::move(array);
}

/// JSON inside JSON when that gives the same text back, else the text itself.
void put_json_text(Json& object, const std::string& key, const std::string& text) {
    if (text.empty()) return;
    auto parsed = base::parse_json(text);
    if (parsed.ok() && base::write_json(parsed.value()) == text) {
        object[key] = std::move(parsed).value();
    } else {
        object[key + "_text"] = text;
    }
}

Json write(const stats::Histogram& histogram) {
    Json json = Json::object();
    json["hdr"] = stats::encode_hdr(histogram);
    put(json, "min", histogram.min());
    put(json, "max", histogram.max());
    put(json, "overflow", histogram.overflow());
    return json;
}

Json write(const stats::Distribution& trend) {
    Json json = Json::object();
    json["count"] = trend.count();
    put(json, "sum", finite(trend.exact_sum().high()));
    put(json, "sum_low", finite(trend.exact_sum().low()));
    if (trend.kind() == stats::Distribution::Kind::plain) {
        if (trend.min() != 0 || trend.max() != 0) json["exponent"] = trend.exponent();
        put(json, "min", trend.min());
        put(json, "max", trend.max());
    }
    put(json, "whole", trend.whole());
    json["values"] = write(trend.positive());
    if (trend.negative() != nullptr) json["below_zero"] = write(*trend.negative());
    return json;
}

Json write(const CounterTotal& total) {
    Json json = Json::object();
    json["sum"] = finite(total.sum.high());
    put(json, "sum_low", finite(total.sum.low()));
    json["samples"] = total.samples;
    return json;
}

Json write(const GaugeTotal& total) {
    Json json = Json::object();
    json["last"] = finite(total.last);
    json["min"] = finite(total.min);
    json["max"] = finite(total.max);
    json["samples"] = total.samples;
    json["last_at_ns"] = total.last_at.time_since_epoch().count();
    return json;
}

Json write(const RateTotal& total) {
    Json json = Json::object();
    json["passes"] = total.passes;
    json["fails"] = total.fails;
    return json;
}

Json write(const MetricSpec& spec) {
    Json json = Json::object();
    json["name"] = spec.name;
    json["type"] = word_of(spec.type);
    json["contains"] = word_of(spec.contains);
    return json;
}

Json write_tags(const Tags& tags) {
    Json json = Json::object();
    for (const auto& [key, value] : tags.pairs()) json[key] = value;
    return json;
}

Json write(const Series& series, const std::vector<MetricSpec>& metrics) {
    CHECK(static_cast<std::size_t>(series.metric) < metrics.size());
    Json json = Json::object();
    json["metric"] = metrics[static_cast<std::size_t>(series.metric)].name;
    json["tags"] = write_tags(series.tags);
    const auto kind = static_cast<MetricType>(series.total.index());
    json[std::string(word_of(kind))] =
        std::visit([](const auto& total) { return write(total); }, series.total);
    return json;
}

Json write(const RowWindow& row) {
    Json json = Json::object();
    put(json, "requests", row.requests);
    put(json, "failed", row.failed);
    if (!row.response_time.empty()) json["response_time"] = write(row.response_time);
    if (!row.unfinished.empty()) json["unfinished"] = write(row.unfinished);
    for (const auto& [status, times] : row.statuses) {
        json["statuses"][std::to_string(status)] = times;
    }
    put(json, "checks_passed", row.checks_passed);
    put(json, "checks_failed", row.checks_failed);
    return json;
}

Json write(const Window& window) {
    Json json = Json::object();
    put(json, "iterations_started", window.iterations_started);
    put(json, "iterations_finished", window.iterations_finished);
    put(json, "iterations_dropped", window.iterations_dropped);
    put(json, "requests", window.requests);
    put(json, "failed", window.failed);
    put(json, "bytes_received", window.bytes_received);
    put(json, "bytes_sent", window.bytes_sent);
    put(json, "vus", window.vus);
    put_list(json, "rows", window.rows, [](const auto& row) { return write(row); });
    return json;
}

Json write(const Windows& windows) {
    Json json = Json::object();
    json["width_ns"] = windows.width().count();
    json["rows"] = Json::array();
    for (const auto& row : windows.rows()) json["rows"].push_back(write_tags(row));
    Json all = Json::array();
    for (const auto& window : windows.all()) all.push_back(write(window));
    json["windows"] = std::move(all);
    return json;
}

Json write(const ScenarioOutcome& scenario) {
    Json json = Json::object();
    json["name"] = scenario.name;
    json["executor"] = scenario.executor;
    json["open_model"] = scenario.open_model;
    json["offered"] = scenario.offered;
    json["started"] = scenario.started;
    json["completed"] = scenario.completed;
    put(json, "threw", scenario.threw);
    put(json, "interrupted", scenario.interrupted);
    put(json, "late", scenario.late);
    put(json, "dropped", scenario.dropped);
    put(json, "waited_for_user", scenario.waited_for_user);
    put(json, "start_ns", scenario.start);
    put(json, "schedule_end_ns", scenario.schedule_end);
    put(json, "ended_ns", scenario.ended);
    put(json, "users_most", scenario.users_most);
    return json;
}

Json write(const ScriptFailure& failure) {
    Json json = Json::object();
    json["message"] = failure.message;
    put(json, "location", failure.location);
    put(json, "stack", failure.stack);
    json["count"] = failure.count;
    return json;
}

Json write(const Exchange& exchange) {
    Json json = Json::object();
    json["name"] = exchange.name;
    json["method"] = exchange.method;
    json["url"] = exchange.url;
    put(json, "status", exchange.status);
    put(json, "error_code", exchange.error_code);
    put(json, "error", exchange.error);
    put(json, "trace_id", exchange.trace_id);
    put(json, "scenario", exchange.scenario);
    put(json, "start_ns", exchange.start);
    put(json, "response_time_ns", exchange.response_time);
    put(json, "service_time_ns", exchange.service_time);
    put(json, "server_timing", exchange.server_timing);
    return json;
}

Json write(const UnfinishedRequest& request) {
    Json json = Json::object();
    json["name"] = request.name;
    json["method"] = request.method;
    json["url"] = request.url;
    put(json, "trace_id", request.trace_id);
    put(json, "scenario", request.scenario);
    put(json, "start_ns", request.start);
    put(json, "age_ns", request.age);
    return json;
}

Json write(const GuardViolation& violation) {
    Json json = Json::object();
    json["method"] = violation.method;
    json["url"] = violation.url;
    put(json, "location", violation.location);
    json["count"] = violation.count;
    return json;
}

Json write(const Evidence& evidence) {
    const auto each = [](const auto& value) { return write(value); };
    Json json = Json::object();
    put_list(json, "script_failures", evidence.script_failures, each);
    put(json, "script_failures_total", evidence.script_failures_total);
    put_list(json, "failed_requests", evidence.failed_requests, each);
    put(json, "failed_requests_total", evidence.failed_requests_total);
    put_list(json, "slowest", evidence.slowest, each);
    put_list(json, "unfinished", evidence.unfinished, each);
    put(json, "unfinished_total", evidence.unfinished_total);
    put_list(json, "guard_violations", evidence.guard_violations, each);
    put(json, "guard_violations_total", evidence.guard_violations_total);
    return json;
}

Json write(const GeneratorHealth& health) {
    Json json = Json::object();
    put(json, "workers", health.workers);
    put(json, "cores", health.cores);
    put(json, "loop_stall_max_ns", health.loop_stall_max);
    put(json, "loop_stalls", health.loop_stalls);
    put(json, "loop_stall_limit_ns", health.loop_stall_limit);
    if (health.start_delay != stats::Distribution())
        json["start_delay"] = write(health.start_delay);
    put(json, "arrivals_missed", health.arrivals_missed);
    put(json, "observed_ns", health.observed);
    put(json, "cpu_user_ns", health.cpu_user);
    put(json, "cpu_system_ns", health.cpu_system);
    put(json, "cpu_busy_max", health.cpu_busy_max);
    put(json, "steal_share", health.steal_share);
    put(json, "steal_share_max", health.steal_share_max);
    put(json, "descriptors_most", health.descriptors_most);
    put(json, "descriptors_limit", health.descriptors_limit);
    put(json, "memory_most_bytes", health.memory_most_bytes);
    put(json, "samples_unwritten", health.samples_unwritten);
    put_list(json, "telemetry", health.telemetry, [](const TelemetryDelivery& output) {
        Json one = Json::object();
        put(one, "output", output.output);
        put(one, "sent", output.sent);
        put(one, "dropped", output.dropped);
        put(one, "words", output.words);
        return one;
    });
    return json;
}

Json write(const Target& target) {
    Json json = Json::object();
    put(json, "environment", target.environment);
    put(json, "base_url", target.base_url);
    put_list(json, "seen", target.seen, [](const SeenInstance& seen) {
        Json one = Json::object();
        put(one, "version", seen.version);
        put(one, "instance", seen.instance);
        put(one, "first_seen_ns", seen.first_seen);
        put(one, "answers", seen.answers);
        put(one, "last_seen_ns", seen.last_seen);
        if (seen.side != Side::alone) one["side"] = word_of(seen.side);
        return one;
    });
    return json;
}

Json write(const Ending& ending) {
    Json json = Json::object();
    json["kind"] = word_of(ending.kind);
    put(json, "words", ending.words);
    put(json, "marked_failed", ending.marked_failed);
    put(json, "marked_words", ending.marked_words);
    return json;
}

}  // namespace

std::string encode(const RunRecord& record) {
    const auto each = [](const auto& value) { return write(value); };
    Json json = Json::object();
    json["format"] = record_format;
    json["version"] = record.version;
    json["run_id"] = record.run_id;
    put(json, "weir_version", record.weir_version);
    put(json, "script", record.script);
    json["started"] = to_text(record.started);
    json["duration_ns"] = record.duration.count();
    json["seed"] = record.seed;
    json["ending"] = write(record.ending);
    json["target"] = write(record.target);
    put_list(json, "warnings", record.warnings, [](const auto& words) { return Json(words); });
    put_list(json, "scenarios", record.scenarios, each);
    json["health"] = write(record.health);
    json["evidence"] = write(record.evidence);
    put_json_text(json, "options", record.options_json);
    put_json_text(json, "setup_data", record.setup_data_json);
    put_list(json, "metrics", record.metrics, each);
    put_list(json, "series", record.series,
             [&record](const Series& series) { return write(series, record.metrics); });
    json["time"] = write(record.windows);
    if (record.surroundings != Surroundings{}) {
        json["surroundings"] = write_surroundings(record.surroundings);
    }
    put_list(json, "pairs", record.pairs, each);
    return base::write_json(json, 1) + "\n";
}

}  // namespace weir::record

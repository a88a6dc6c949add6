#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <utility>

#include "base/format.h"
#include "base/json.h"
#include "record/codec.h"
#include "record/codec/fields.h"
#include "record/codec/pairs_codec.h"
#include "record/codec/surroundings.h"
#include "record/wall_text.h"
#include "stats/hdr_codec.h"

namespace weir::record {
namespace {

using base::Json;

constexpr std::array metric_types = {MetricType::counter, MetricType::gauge, MetricType::rate,
                                     MetricType::trend};
constexpr std::array metric_contents = {MetricContains::plain, MetricContains::time,
                                        MetricContains::data};
constexpr std::array sides = {Side::alone, Side::baseline, Side::candidate};
constexpr std::array end_kinds = {
    EndKind::finished,          EndKind::aborted_by_script, EndKind::aborted_by_threshold,
    EndKind::aborted_by_signal, EndKind::aborted_by_limit,  EndKind::setup_failed,
    EndKind::decided,           EndKind::unreachable,       EndKind::data_drifted,
    EndKind::lease_lost};

/// Extremes that do not lie in the first and last bucket would break every later promise.
bool restore_extremes(stats::Histogram& histogram, const Fields& fields) {
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::uint64_t overflow = 0;
    fields.get("min", min);
    fields.get("max", max);
    fields.get("overflow", overflow);
    if (histogram.empty()) return min == 0 && max == 0 && overflow == 0;
    if (min < 0 || min > max || overflow > histogram.count()) return false;
    if ((overflow > 0) != (max > histogram.highest())) return false;
    const auto buckets = histogram.buckets();
    const auto in = [&](std::int64_t value, const stats::Histogram::Bucket& bucket) {
        return histogram.bucket_of(std::min(value, histogram.highest())).first == bucket.low;
    };
    if (!in(min, buckets.front()) || !in(max, buckets.back())) return false;
    histogram.restore_extremes(min, max, overflow);
    return true;
}

stats::Histogram read_histogram(const Fields& fields) {
    std::string text;
    fields.get("hdr", text);
    auto histogram = stats::decode_hdr(text);
    if (!histogram.ok()) {
        fields.complain(histogram.error().text);
        return stats::Histogram();
    }
    if (!restore_extremes(histogram.value(), fields)) {
        fields.complain("has extremes that its buckets contradict");
    }
    return std::move(histogram).value();
}

stats::Histogram read_histogram_at(const Fields& fields, const char* key) {
    const Json* json = fields.find(key);
    if (json == nullptr) return stats::Histogram();
    return read_histogram(fields.child(key, *json));
}

stats::Distribution read_trend(const Fields& fields, stats::Distribution::Kind kind) {
    double high = 0;
    double low = 0;
    std::uint64_t count = 0;
    stats::Distribution::Parts parts{.kind = kind,
                                     .exponent = 0,
                                     .positive = read_histogram_at(fields, "values"),
                                     .negative = nullptr,
                                     .sum = {}};
    if (fields.find("below_zero") != nullptr) {
        parts.negative =
            std::make_unique<stats::Histogram>(read_histogram_at(fields, "below_zero"));
    }
    fields.get("sum", high);
    fields.get("sum_low", low);
    parts.sum = {high, low};
    fields.get("exponent", parts.exponent);
    fields.get("min", parts.min);
    fields.get("max", parts.max);
    fields.get("whole", parts.whole);
    fields.get("count", count);
    auto trend = stats::Distribution::from_parts(std::move(parts));
    if (!trend.ok()) {
        fields.complain("holds " + trend.error().text);
        return stats::Distribution(kind);
    }
    if (trend.value().count() != count) fields.complain("has a count that its buckets contradict");
    return std::move(trend).value();
}

Aggregate read_total(const Fields& fields, const MetricSpec& spec) {
    Aggregate total = aggregate_for(spec);
    if (auto* trend = std::get_if<stats::Distribution>(&total)) {
        *trend = read_trend(fields, trend->kind());
    } else if (auto* counter = std::get_if<CounterTotal>(&total)) {
        double high = 0;
        double low = 0;
        fields.get("sum", high);
        fields.get("sum_low", low);
        counter->sum = {high, low};
        fields.get("samples", counter->samples);
    } else if (auto* gauge = std::get_if<GaugeTotal>(&total)) {
        base::Nanos last_at{};
        fields.get("last", gauge->last);
        fields.get("min", gauge->min);
        fields.get("max", gauge->max);
        fields.get("samples", gauge->samples);
        fields.get("last_at_ns", last_at);
        gauge->last_at = base::Instant(last_at);
    } else if (auto* rate = std::get_if<RateTotal>(&total)) {
        fields.get("passes", rate->passes);
        fields.get("fails", rate->fails);
    }
    return total;
}

MetricSpec read_metric(const Fields& fields) {
    MetricSpec spec;
    fields.get("name", spec.name);
    fields.get_word("type", spec.type, metric_types);
    fields.get_word("contains", spec.contains, metric_contents);
    return spec;
}

Tags read_tags(const Fields& fields) {
    Tags tags;
    fields.each_member([&](const std::string& key, const Json& value) {
        if (!value.is_string()) return fields.complain("has a tag that is not text");
        tags.set(key, value.get_ref<const std::string&>());
    });
    return tags;
}

Series read_series(const Fields& fields, const RunRecord& record) {
    Series series;
    std::string name;
    fields.get("metric", name);
    const MetricSpec* spec = record.find_metric(name);
    if (spec == nullptr) {
        fields.complain(base::format("is of the metric \"{}\", which is not listed", name));
        return series;
    }
    series.metric = static_cast<MetricId>(spec - record.metrics.data());
    if (const Json* tags = fields.find("tags"); tags != nullptr && tags->is_object()) {
        series.tags = read_tags(fields.child("tags", *tags));
    }
    const std::string kind(word_of(spec->type));
    const Json* total = fields.find(kind.c_str());
    if (total == nullptr) {
        fields.complain(base::format("has no member \"{}\"", kind));
        return series;
    }
    series.total = read_total(fields.child(kind.c_str(), *total), *spec);
    return series;
}

RowWindow read_row_window(const Fields& fields) {
    RowWindow row;
    fields.get("requests", row.requests);
    fields.get("failed", row.failed);
    row.response_time = read_histogram_at(fields, "response_time");
    row.unfinished = read_histogram_at(fields, "unfinished");
    for (const auto* each : {&row.response_time, &row.unfinished}) {
        if (each->digits() == stats::Histogram::default_digits) continue;
        fields.complain("has a histogram of another precision");
    }
    if (const Json* statuses = fields.find("statuses")) {
        const Fields by_status = fields.child("statuses", *statuses);
        by_status.each_member([&](const std::string& key, const Json& /*times*/) {
            std::uint64_t times = 0;
            by_status.get(key.c_str(), times);
            std::uint16_t status = 0;
            const auto [end, failed] = std::from_chars(key.data(), key.data() + key.size(), status);
            if (failed != std::errc{} || end != key.data() + key.size()) {
                return by_status.complain("has a status that is no number");
            }
            row.add_status(status, times);
        });
    }
    fields.get("checks_passed", row.checks_passed);
    fields.get("checks_failed", row.checks_failed);
    return row;
}

Window read_window(const Fields& fields) {
    Window window;
    fields.get("iterations_started", window.iterations_started);
    fields.get("iterations_finished", window.iterations_finished);
    fields.get("iterations_dropped", window.iterations_dropped);
    fields.get("requests", window.requests);
    fields.get("failed", window.failed);
    fields.get("bytes_received", window.bytes_received);
    fields.get("bytes_sent", window.bytes_sent);
    fields.get("vus", window.vus);
    // "names" in records of Weir 0.1 and before, whose rows were request names alone.
    fields.get_list(fields.find("rows") != nullptr ? "rows" : "names", window.rows,
                    read_row_window);
    return window;
}

Windows read_windows(const Fields& fields) {
    base::Nanos width = Windows::first_width;
    std::vector<std::string> names;
    std::vector<Tags> rows;
    std::vector<Window> windows;
    fields.get("width_ns", width);
    fields.get_list("rows", rows, read_tags);
    fields.get_texts("names", names);
    for (const auto& name : names) rows.emplace_back().set("name", name);
    fields.get_list("windows", windows, read_window);
    bool fits = width.count() > 0 && windows.size() <= Windows::windows_most &&
                rows.size() <= Windows::rows_most + 1;
    for (const auto& window : windows) fits = fits && window.rows.size() <= rows.size();
    if (!fits) {
        fields.complain("has more windows or rows than this version reads");
        return {};
    }
    return Windows::from_parts(width, std::move(rows), std::move(windows));
}

ScenarioOutcome read_scenario(const Fields& fields) {
    ScenarioOutcome scenario;
    fields.get("name", scenario.name);
    fields.get("executor", scenario.executor);
    fields.get("open_model", scenario.open_model);
    fields.get("offered", scenario.offered);
    fields.get("started", scenario.started);
    fields.get("completed", scenario.completed);
    fields.get("threw", scenario.threw);
    fields.get("interrupted", scenario.interrupted);
    fields.get("late", scenario.late);
    fields.get("dropped", scenario.dropped);
    fields.get("waited_for_user", scenario.waited_for_user);
    fields.get("start_ns", scenario.start);
    fields.get("schedule_end_ns", scenario.schedule_end);
    fields.get("ended_ns", scenario.ended);
    fields.get("users_most", scenario.users_most);
    return scenario;
}

ScriptFailure read_script_failure(const Fields& fields) {
    ScriptFailure failure;
    fields.get("message", failure.message);
    fields.get("location", failure.location);
    fields.get("stack", failure.stack);
    fields.get("count", failure.count);
    return failure;
}

/// What an Exchange and an UnfinishedRequest both say.
template <typename Request>
Request read_request(const Fields& fields) {
    Request request;
    fields.get("name", request.name);
    fields.get("method", request.method);
    fields.get("url", request.url);
    fields.get("trace_id", request.trace_id);
    fields.get("scenario", request.scenario);
    fields.get("start_ns", request.start);
    return request;
}

Exchange read_exchange(const Fields& fields) {
    auto exchange = read_request<Exchange>(fields);
    fields.get("status", exchange.status);
    fields.get("error_code", exchange.error_code);
    fields.get("error", exchange.error);
    fields.get("response_time_ns", exchange.response_time);
    fields.get("service_time_ns", exchange.service_time);
    fields.get("server_timing", exchange.server_timing);
    return exchange;
}

UnfinishedRequest read_unfinished(const Fields& fields) {
    auto request = read_request<UnfinishedRequest>(fields);
    fields.get("age_ns", request.age);
    return request;
}

GuardViolation read_violation(const Fields& fields) {
    GuardViolation violation;
    fields.get("method", violation.method);
    fields.get("url", violation.url);
    fields.get("location", violation.location);
    fields.get("count", violation.count);
    return violation;
}

Evidence read_evidence(const Fields& fields) {
    Evidence evidence;
    fields.get_list("script_failures", evidence.script_failures, read_script_failure);
    fields.get("script_failures_total", evidence.script_failures_total);
    fields.get_list("failed_requests", evidence.failed_requests, read_exchange);
    fields.get("failed_requests_total", evidence.failed_requests_total);
    fields.get_list("slowest", evidence.slowest, read_exchange);
    fields.get_list("unfinished", evidence.unfinished, read_unfinished);
    fields.get("unfinished_total", evidence.unfinished_total);
    fields.get_list("guard_violations", evidence.guard_violations, read_violation);
    fields.get("guard_violations_total", evidence.guard_violations_total);
    return evidence;
}

GeneratorHealth read_health(const Fields& fields) {
    GeneratorHealth health;
    fields.get("workers", health.workers);
    fields.get("cores", health.cores);
    fields.get("loop_stall_max_ns", health.loop_stall_max);
    fields.get("loop_stalls", health.loop_stalls);
    fields.get("loop_stall_limit_ns", health.loop_stall_limit);
    if (const Json* delay = fields.find("start_delay")) {
        health.start_delay =
            read_trend(fields.child("start_delay", *delay), stats::Distribution::Kind::time);
    }
    fields.get("arrivals_missed", health.arrivals_missed);
    fields.get("observed_ns", health.observed);
    fields.get("cpu_user_ns", health.cpu_user);
    fields.get("cpu_system_ns", health.cpu_system);
    fields.get("cpu_busy_max", health.cpu_busy_max);
    fields.get("steal_share", health.steal_share);
    fields.get("steal_share_max", health.steal_share_max);
    fields.get("descriptors_most", health.descriptors_most);
    fields.get("descriptors_limit", health.descriptors_limit);
    fields.get("memory_most_bytes", health.memory_most_bytes);
    fields.get("samples_unwritten", health.samples_unwritten);
    fields.get_list("telemetry", health.telemetry, [](const Fields& one) {
        TelemetryDelivery output;
        one.get("output", output.output);
        one.get("sent", output.sent);
        one.get("dropped", output.dropped);
        one.get("words", output.words);
        return output;
    });
    return health;
}

Target read_target(const Fields& fields) {
    Target target;
    fields.get("environment", target.environment);
    fields.get("base_url", target.base_url);
    fields.get_list("seen", target.seen, [](const Fields& one) {
        SeenInstance seen;
        one.get("version", seen.version);
        one.get("instance", seen.instance);
        one.get("first_seen_ns", seen.first_seen);
        one.get("answers", seen.answers);
        one.get("last_seen_ns", seen.last_seen);
        if (one.find("side") != nullptr) one.get_word("side", seen.side, sides);
        return seen;
    });
    return target;
}

Ending read_ending(const Fields& fields) {
    Ending ending;
    fields.get_word("kind", ending.kind, end_kinds);
    fields.get("words", ending.words);
    fields.get("marked_failed", ending.marked_failed);
    fields.get("marked_words", ending.marked_words);
    return ending;
}

/// A part that is an object of its own; the default when it is absent.
template <typename Read>
auto read_part(const Fields& fields, const char* key, Read&& read) {
    using Part = decltype(read(fields));
    const Json* part = fields.find(key);
    return part == nullptr ? Part{} : read(fields.child(key, *part));
}

RunRecord read_run(const Fields& fields) {
    RunRecord record;
    std::string started;
    fields.get("version", record.version);
    fields.get("run_id", record.run_id);
    fields.get("weir_version", record.weir_version);
    fields.get("script", record.script);
    fields.get("started", started);
    if (const auto wall = wall_from_text(started); wall.ok()) {
        record.started = wall.value();
    } else {
        fields.complain("has a start of the run that cannot be read: " + wall.error().text);
    }
    fields.get("duration_ns", record.duration);
    fields.get("seed", record.seed);
    fields.get_json_text("options", record.options_json);
    fields.get_json_text("setup_data", record.setup_data_json);
    record.ending = read_part(fields, "ending", read_ending);
    record.target = read_part(fields, "target", read_target);
    fields.get_texts("warnings", record.warnings);
    fields.get_list("scenarios", record.scenarios, read_scenario);
    record.health = read_part(fields, "health", read_health);
    record.evidence = read_part(fields, "evidence", read_evidence);
    fields.get_list("metrics", record.metrics, read_metric);
    fields.get_list("series", record.series,
                    [&record](const Fields& each) { return read_series(each, record); });
    record.windows = read_part(fields, "time", read_windows);
    record.surroundings = read_part(fields, "surroundings", read_surroundings);
    fields.get_list("pairs", record.pairs, read_pairs);
    return record;
}

base::Error unreadable(std::string why) {
    return {base::Code::invalid, "reading a run record: " + std::move(why)};
}

}  // namespace

base::Result<RunRecord> decode(std::string_view text) {
    const auto json = base::parse_json(text);
    if (!json.ok()) return unreadable(json.error().text);
    if (base::text_or(json.value(), "format", "") != record_format) {
        return unreadable("this is not a result that Weir wrote (its \"format\" is not \"" +
                          std::string(record_format) + "\")");
    }
    std::string trouble;
    const Fields fields(json.value(), "the record", trouble);
    int version = 0;
    fields.get("version", version);
    if (version != RunRecord::current_version) {
        return unreadable(
            base::format("it is of version {}, this Weir reads version {}: use the Weir that wrote "
                         "it, or one of "
                         "about its age",
                         version, RunRecord::current_version));
    }
    RunRecord record = read_run(fields);
    if (!trouble.empty()) return unreadable(trouble);
    return record;
}

}  // namespace weir::record

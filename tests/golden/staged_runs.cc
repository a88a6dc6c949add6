#include "staged_runs.h"

#include <string>
#include <utility>

#include "meter/recorder.h"
#include "meter/registry.h"
#include "meter/snapshot.h"

namespace weir::golden {
namespace {

using namespace std::chrono_literals;
using base::Instant;
using base::Nanos;
using meter::Builtin;

constexpr Instant start{Nanos(1'000'000'000)};

record::Tags tags_of(std::vector<std::pair<std::string_view, std::string_view>> pairs) {
    record::Tags tags;
    for (const auto& [key, value] : pairs) tags.set(key, value);
    return tags;
}

/// A run as one worker would have recorded it.
class Stage {
public:
    Stage() {
        made_.run_id = "20260102T030405Z-00c0ffee";
        made_.weir_version = "1.2.3";
        made_.script = "journeys/größe.js";
        made_.started = base::WallTime(std::chrono::seconds(1'767'323'045));
        made_.duration = 20s;
        made_.seed = 7;
        made_.target = {.environment = "preprod",
                        .base_url = "https://service.example",
                        .seen = {{.version = "1.4.2", .instance = "a", .answers = 1'000}}};
        made_.health.workers = 2;
        made_.health.cores = 2;
        made_.health.observed = 20s;
        made_.health.cpu_user = 3s;
        made_.health.cpu_system = 1s;
        made_.health.cpu_busy_max = 0.25;
        made_.health.loop_stall_max = 1500us;
        made_.health.loop_stall_limit = 10ms;
        made_.health.memory_most_bytes = 42'000'000;
        made_.health.descriptors_most = 80;
        made_.health.descriptors_limit = 1024;
        made_.scenarios = {{.name = "open_cases",
                            .executor = "constant-arrival-rate",
                            .open_model = true,
                            .offered = 500,
                            .started = 500,
                            .completed = 500,
                            .schedule_end = 20s,
                            .ended = 20s,
                            .users_most = 60}};
        base_ = {{"scenario", "open_cases"}, {"group", "::open cases"}};
    }

    record::RunRecord& record() { return made_; }
    meter::Registry& registry() { return registry_; }

    /// `count` answers a second apart by turns, each of `took` and begun `late`.
    Stage& answers(const char* name, int count, Nanos took, int status = 200, Nanos late = {}) {
        const std::string code = std::to_string(status);
        const bool good = status > 0 && status < 400;
        auto pairs = base_;
        pairs.insert(pairs.end(), {{"name", name},
                                   {"url", name},
                                   {"method", "GET"},
                                   {"status", code},
                                   {"expected_response", good ? "true" : "false"}});
        const auto set = recorder_.intern(tags_of(pairs));
        for (int i = 0; i < count; ++i) {
            record::HttpSample sample;
            sample.start = start + Nanos(19s) * i / count;
            sample.due = sample.start - late;
            sample.sending = 20us;
            sample.receiving = 300us;
            sample.waiting = took - sample.sending - sample.receiving;
            sample.end = sample.start + took;
            sample.first_byte = sample.end - sample.receiving;
            sample.bytes_sent = 250;
            sample.bytes_received = 52'000;
            sample.expected = good;
            recorder_.add_http(set, sample);
        }
        return *this;
    }

    Stage& unfinished(const char* name, int count, Nanos age) {
        auto pairs = base_;
        pairs.insert(pairs.end(), {{"name", name}, {"url", name}, {"method", "GET"}});
        const auto set = recorder_.intern(tags_of(pairs));
        for (int i = 0; i < count; ++i) {
            record::HttpSample sample;
            sample.finished = false;
            sample.start = sample.due = start + 20s - age;
            sample.end = start + 20s;
            recorder_.add_http(set, sample);
        }
        return *this;
    }

    Stage& checks(const char* name, int passed, int failed) {
        auto pairs = base_;
        pairs.emplace_back("check", name);
        return values(Builtin::checks, pairs, passed, 1).values(Builtin::checks, pairs, failed, 0);
    }

    Stage& metric(Builtin metric, int count, double value) {
        return values(metric, base_, count, value);
    }

    Stage& custom(const char* name,
                  record::MetricType type,
                  record::MetricContains contains,
                  std::initializer_list<double> all) {
        const auto id = registry_.add({name, type, contains}).value();
        const auto set = recorder_.intern(tags_of(base_));
        for (const double value : all) recorder_.add(id, set, value, start + 1s);
        return *this;
    }

    record::RunRecord finish() {
        auto snapshot = recorder_.take_snapshot();
        made_.metrics = registry_.specs();
        made_.series = std::move(snapshot.series);
        made_.windows = std::move(snapshot.windows);
        return std::move(made_);
    }

private:
    using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;
    Stage& values(Builtin metric, const Pairs& pairs, int count, double value) {
        const auto set = recorder_.intern(tags_of(pairs));
        for (int i = 0; i < count; ++i) recorder_.add(meter::id_of(metric), set, value, start + 2s);
        return *this;
    }

    meter::Registry registry_;
    meter::Recorder recorder_{registry_, start, nullptr};
    record::RunRecord made_;
    Pairs base_;
};

/// Limits as they are drawn from twenty runs; the last is of a request that no run here has.
judge::Baseline baseline_of_gate() {
    const auto limit = [](const char* request, judge::BaselineFigure figure, double usual) {
        judge::BaselineLimit made;
        made.journey = "open_cases";
        made.request = request;
        made.figure = figure;
        made.runs = 20;
        made.usual_ms = usual;
        made.expected = {usual * 0.8, usual * 1.2};
        made.limit_ms = usual * 1.2 + 50;
        return made;
    };
    return {.on_slower = plan::SlowerPolicy::ignore,
            .runs = 20,
            .limits = {limit("all cases", judge::BaselineFigure::median, 690),
                       limit("all cases", judge::BaselineFigure::p95, 1200),
                       limit("gone", judge::BaselineFigure::median, 5)}};
}

judge::Criteria criteria_of_gate() {
    judge::Criteria criteria;
    for (const char* text : {"98 % of `all cases` under 2 s", "at most 1 % errors of `all cases`",
                             "at least 99 % checks"}) {
        criteria.conditions.push_back(plan::parse_condition(text).value());
    }
    auto set = plan::parse_threshold_key("http_req_duration{name:all cases}").value();
    set.thresholds.push_back(plan::parse_threshold("p(95)<1500").value());
    set.thresholds.push_back(plan::parse_threshold("avg<=800").value());
    criteria.thresholds.push_back(std::move(set));
    criteria.baseline = baseline_of_gate();
    return criteria;
}

}  // namespace

gate::Provenance staged_provenance() {
    gate::Provenance from;
    from.kind = gate::ResultKind::gate;
    from.suite = "cases";
    from.config = "journeys/weir.toml";
    from.condition_lines = {12, 15, 18};
    from.load = "25 journeys per second for 20s";
    from.commit = "3f2a9c1d";
    from.branch = "main";
    from.artefact = std::string(64, 'a');
    from.pipeline_url = "https://ci.example/runs/7";
    from.attempt = 1;
    from.trace_url = "https://traces.example/trace/{trace_id}";
    from.last_good = gate::LastGood{.run_id = "20260101T030405Z-0badcafe",
                                    .commit = "9d41e77a",
                                    .started = base::WallTime(std::chrono::seconds(1'767'236'645))};
    return from;
}

StagedRun good_run() {
    Stage stage;
    stage.answers("all cases", 480, 700ms)
        .answers("all cases", 20, 1900ms)
        .answers("details of a case with a rather long name, ünïcode and all", 500, 35ms)
        .checks("heading", 500, 0)
        .checks("cases: ≥ 9,000", 500, 0)
        .metric(Builtin::iterations, 500, 1)
        .metric(Builtin::iteration_duration, 500, 812.5)
        .metric(Builtin::group_duration, 500, 760)
        .metric(Builtin::vus, 1, 31)
        .metric(Builtin::vus_max, 1, 60)
        .custom("rows", record::MetricType::trend, record::MetricContains::plain, {100, 100, 99})
        .custom("page_weight", record::MetricType::counter, record::MetricContains::data,
                {1e6, 2e6})
        .custom("cache_hits", record::MetricType::rate, record::MetricContains::plain, {1, 1, 0})
        .custom("depth", record::MetricType::gauge, record::MetricContains::plain, {4, 2, 3});
    return {"good", stage.finish(), criteria_of_gate()};
}

StagedRun bad_run() {
    Stage stage;
    stage.answers("all cases", 100, 900ms)
        .answers("all cases", 300, 11s, 200, 30ms)
        .answers("all cases", 60, 5ms, 503)
        .unfinished("all cases", 40, 9s)
        .checks("heading", 400, 60)
        .metric(Builtin::iterations, 460, 1)
        .metric(Builtin::iteration_duration, 460, 8000)
        .metric(Builtin::dropped_iterations, 1, 12);
    auto& record = stage.record();
    record.scenarios.front().threw = 9;
    record.scenarios.front().interrupted = 40;
    record.scenarios.front().dropped = 12;
    record.scenarios.front().started = 488;
    record.scenarios.front().completed = 448;
    record.evidence.script_failures = {{"TypeError: cannot read property 'length' of null",
                                        "journeys/größe.js:12:20",
                                        "TypeError: cannot read property 'length' of null\n    at "
                                        "default (journeys/größe.js:12:20)",
                                        9}};
    record.evidence.script_failures_total = 9;
    record.evidence.slowest = {
        {.name = "all cases",
         .method = "GET",
         .url = "https://service.example/cases?status=\"open\"|<all>",
         .status = 200,
         .error = "",
         .trace_id = "0af7651916cd43dd8448eb211c80319c",
         .scenario = "open_cases",
         .start = 3s,
         .response_time = 11'030ms,
         .service_time = 11s,
         .server_timing = "db;dur=10800.5;desc=\"find | all\", app;dur=150"}};
    record.evidence.failed_requests = {{.name = "all cases",
                                        .method = "GET",
                                        .url = "https://service.example/cases",
                                        .status = 503,
                                        .error_code = 1503,
                                        .error = "",
                                        .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
                                        .scenario = "open_cases",
                                        .start = 1s,
                                        .response_time = 5ms,
                                        .service_time = 5ms,
                                        .server_timing = ""}};
    record.evidence.failed_requests_total = 60;
    record.evidence.unfinished = {{.name = "all cases",
                                   .method = "GET",
                                   .url = "https://service.example/cases",
                                   .trace_id = "00000000000000000000000000000001",
                                   .scenario = "open_cases",
                                   .start = 11s,
                                   .age = 9s}};
    record.evidence.unfinished_total = 40;
    record.surroundings.probed = {{.name = "",
                                   .url = "https://service.example/health",
                                   .probes = {{-1s, 3ms, 200}, {5s, 4ms, 200}, {10s, 3ms, 200}},
                                   .last_error = ""}};
    record.surroundings.readings = {{0s, 100, 5e7, 10, 100, 80}, {10s, 100, 6e7, 18, 120, 91}};
    record.surroundings.facts = {{"cases", 9000}};
    record.health.telemetry = {{"otlp http://collector:4318", 20, 1, "refused: 429"}};
    record.warnings = {"option 'durration' is unknown and was ignored"};
    return {"bad", stage.finish(), criteria_of_gate()};
}

StagedRun doubtful_run() {
    Stage stage;
    stage.answers("all cases", 485, 700ms, 200, 90ms)
        .answers("all cases", 15, 1950ms, 200, 400ms)
        .checks("heading", 500, 0)
        .metric(Builtin::iterations, 500, 1)
        .metric(Builtin::iteration_duration, 500, 812.5)
        .metric(Builtin::weir_start_delay, 500, 90);
    auto& record = stage.record();
    record.scenarios.front().late = 500;
    record.health.loop_stall_max = 900ms;
    record.health.cpu_user = 38s;
    return {"doubtful", stage.finish(), criteria_of_gate()};
}

StagedRun empty_run() {
    Stage stage;
    auto& record = stage.record();
    record.ending = {.kind = record::EndKind::aborted_by_signal,
                     .words = "interrupted (SIGINT)",
                     .marked_words = {}};
    record.duration = {};
    record.scenarios.front() = {
        .name = "open_cases", .executor = "constant-arrival-rate", .open_model = true};
    record.target.seen.clear();
    return {"empty", stage.finish(), criteria_of_gate()};
}

std::vector<StagedRun> staged_runs() {
    std::vector<StagedRun> all;
    all.push_back(good_run());
    all.push_back(bad_run());
    all.push_back(doubtful_run());
    all.push_back(empty_run());
    return all;
}

}  // namespace weir::golden

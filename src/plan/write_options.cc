#include "base/json.h"
#include "base/units.h"
#include "plan/parse_options.h"

namespace weir::plan {
namespace {

using base::Json;

Json stages_json(const std::vector<Stage>& stages) {
    Json list = Json::array();
    for (const auto& stage : stages) {
        list.push_back(
            {{"duration", base::write_duration(stage.duration)}, {"target", stage.target}});
    }
    return list;
}

void add_load(Json& into, const Scenario& scenario) {
    switch (scenario.executor) {
        case ExecutorKind::shared_iterations:
        case ExecutorKind::per_vu_iterations:
            into["vus"] = scenario.vus;
            into["iterations"] = scenario.iterations;
            into["maxDuration"] = base::write_duration(scenario.duration);
            return;
        case ExecutorKind::constant_vus:
            into["vus"] = scenario.vus;
            into["duration"] = base::write_duration(scenario.duration);
            return;
        case ExecutorKind::ramping_vus:
            into["startVUs"] = scenario.vus;
            into["stages"] = stages_json(scenario.stages);
            into["gracefulRampDown"] = base::write_duration(scenario.graceful_ramp_down);
            return;
        case ExecutorKind::constant_arrival_rate:
            into["rate"] = scenario.rate;
            into["duration"] = base::write_duration(scenario.duration);
            break;
        case ExecutorKind::ramping_arrival_rate:
            into["startRate"] = scenario.rate;
            into["stages"] = stages_json(scenario.stages);
            break;
    }
    into["timeUnit"] = base::write_duration(scenario.time_unit);
    into["preAllocatedVUs"] = scenario.pre_allocated_vus;
    into["maxVUs"] = scenario.max_vus;
}

Json scenario_json(const Scenario& scenario) {
    Json json{{"executor", word_of(scenario.executor)},
              {"startTime", base::write_duration(scenario.start_time)},
              {"gracefulStop", base::write_duration(scenario.graceful_stop)},
              {"env", scenario.env},
              {"exec", scenario.exec},
              {"tags", scenario.tags}};
    add_load(json, scenario);
    return json;
}

Json thresholds_json(const std::vector<ThresholdSet>& sets) {
    Json json = Json::object();
    for (const auto& set : sets) {
        Json list = Json::array();
        for (const auto& each : set.thresholds) {
            Json entry{{"threshold", each.source}, {"abortOnFail", each.abort_on_fail}};
            entry["delayAbortEval"] = base::write_duration(each.delay_abort_eval);
            list.push_back(std::move(entry));
        }
        json[set.key] = std::move(list);
    }
    return json;
}

template <typename T>
void add(Json& into, const char* name, const std::optional<T>& value) {
    if (value) into[name] = *value;
}

void add(Json& into, const char* name, const std::optional<base::Nanos>& value) {
    if (value) into[name] = base::write_duration(*value);
}

}  // namespace

std::string write_options_json(const Options& options, const std::vector<Scenario>& scenarios) {
    Json json = Json::object();
    Json all = Json::object();
    for (const auto& scenario : scenarios) all[scenario.name] = scenario_json(scenario);
    json["scenarios"] = std::move(all);
    if (options.thresholds) json["thresholds"] = thresholds_json(*options.thresholds);
    add(json, "vus", options.vus);
    add(json, "iterations", options.iterations);
    add(json, "duration", options.duration);
    add(json, "setupTimeout", options.setup_timeout);
    add(json, "teardownTimeout", options.teardown_timeout);
    add(json, "minIterationDuration", options.min_iteration_duration);
    add(json, "rps", options.rps);
    add(json, "maxRedirects", options.max_redirects);
    add(json, "userAgent", options.user_agent);
    add(json, "batch", options.batch);
    add(json, "batchPerHost", options.batch_per_host);
    add(json, "insecureSkipTLSVerify", options.insecure_skip_tls_verify);
    add(json, "throw", options.throw_on_failure);
    add(json, "noConnectionReuse", options.no_connection_reuse);
    add(json, "noVUConnectionReuse", options.no_vu_connection_reuse);
    add(json, "noCookiesReset", options.no_cookies_reset);
    add(json, "discardResponseBodies", options.discard_response_bodies);
    add(json, "summaryTrendStats", options.summary_trend_stats);
    add(json, "systemTags", options.system_tags);
    add(json, "tags", options.tags);
    return base::write_json(json);
}

}  // namespace weir::plan

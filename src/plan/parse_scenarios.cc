#include "plan/parse_scenarios.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string>

#include "base/format.h"
#include "plan/json_reader.h"

namespace weir::plan {
namespace {

/// Beyond this, due times lose their nanoseconds; nobody means it.
constexpr std::uint64_t most_per_unit = 1'000'000'000;

using base::Json;
using base::Result;

/// Reads one field of a scenario. Plain functions, so that the table below is a constant.
using Read = Result<void> (*)(const Json& value, std::string_view path, Scenario& into);

#define WEIR_FIELD(member, reader)                                                 \
    [](const Json& value, std::string_view path, Scenario& into) -> Result<void> { \
        TRY(into.member, reader(value, path));                                     \
        return {};                                                                 \
    }

const std::map<std::string_view, Read>& shared_fields() {
    static const std::map<std::string_view, Read> fields{
        {"startTime", WEIR_FIELD(start_time, read_duration)},
        {"gracefulStop", WEIR_FIELD(graceful_stop, read_duration)},
        {"env", WEIR_FIELD(env, read_text_map)},
        {"exec", WEIR_FIELD(exec, read_text)},
        {"tags", WEIR_FIELD(tags, read_text_map)},
    };
    return fields;
}

Result<std::vector<Stage>> stages_of(const Json& value, std::string_view path) {
    return read_stages(value, path);
}

const std::map<std::string_view, Read>& fields_of(ExecutorKind kind) {
    static const std::map<std::string_view, Read> iterations{
        {"vus", WEIR_FIELD(vus, read_count)},
        {"iterations", WEIR_FIELD(iterations, read_whole)},
        {"maxDuration", WEIR_FIELD(duration, read_duration)},
    };
    static const std::map<std::string_view, Read> constant_vus{
        {"vus", WEIR_FIELD(vus, read_count)},
        {"duration", WEIR_FIELD(duration, read_duration)},
    };
    static const std::map<std::string_view, Read> ramping_vus{
        {"startVUs", WEIR_FIELD(vus, read_count)},
        {"stages", WEIR_FIELD(stages, stages_of)},
        {"gracefulRampDown", WEIR_FIELD(graceful_ramp_down, read_duration)},
    };
    static const std::map<std::string_view, Read> constant_rate{
        {"rate", WEIR_FIELD(rate, read_whole)},
        {"timeUnit", WEIR_FIELD(time_unit, read_duration)},
        {"duration", WEIR_FIELD(duration, read_duration)},
        {"preAllocatedVUs", WEIR_FIELD(pre_allocated_vus, read_count)},
        {"maxVUs", WEIR_FIELD(max_vus, read_count)},
    };
    static const std::map<std::string_view, Read> ramping_rate{
        {"startRate", WEIR_FIELD(rate, read_whole)},
        {"timeUnit", WEIR_FIELD(time_unit, read_duration)},
        {"stages", WEIR_FIELD(stages, stages_of)},
        {"preAllocatedVUs", WEIR_FIELD(pre_allocated_vus, read_count)},
        {"maxVUs", WEIR_FIELD(max_vus, read_count)},
    };
    switch (kind) {
        case ExecutorKind::constant_vus:
            return constant_vus;
        case ExecutorKind::ramping_vus:
            return ramping_vus;
        case ExecutorKind::constant_arrival_rate:
            return constant_rate;
        case ExecutorKind::ramping_arrival_rate:
            return ramping_rate;
        default:
            return iterations;
    }
}
#undef WEIR_FIELD

constexpr std::array kinds{ExecutorKind::shared_iterations,     ExecutorKind::per_vu_iterations,
                           ExecutorKind::constant_vus,          ExecutorKind::ramping_vus,
                           ExecutorKind::constant_arrival_rate, ExecutorKind::ramping_arrival_rate};

Result<ExecutorKind> read_executor(const Json& scenario, std::string_view path) {
    const auto found = scenario.find("executor");
    const std::string word =
        found != scenario.end() && found->is_string() ? found->get<std::string>() : "";
    std::vector<std::string_view> known;
    for (const auto kind : kinds) {
        if (word == word_of(kind)) return kind;
        known.push_back(word_of(kind));
    }
    std::string all;
    for (const auto each : known) all += base::format("{}{}", all.empty() ? "" : ", ", each);
    if (word.empty()) {
        return base::Error{base::Code::invalid,
                           base::format("{}.executor is missing; it is one of {}", path, all)};
    }
    const auto near = nearest(word, known);
    return base::Error{base::Code::invalid,
                       base::format("{}.executor '{}' is unknown{}; it is one of {}", path, word,
                                    near.empty() ? "" : ": did you mean " + near + "?", all)};
}

Result<Scenario> read_scenario(const std::string& name, const Json& value) {
    const std::string path = "scenarios." + name;
    if (!value.is_object()) return wrong_type(path, "an object", value);
    Scenario scenario;
    scenario.name = name;
    TRY(scenario.executor, read_executor(value, path));
    const auto& own = fields_of(scenario.executor);
    for (const auto& [key, each] : value.items()) {
        if (key == "executor" || key == "options" || each.is_null()) continue;
        const auto field = base::format("{}.{}", path, key);
        auto reader = own.find(key);
        if (reader == own.end()) {
            reader = shared_fields().find(key);
            if (reader == shared_fields().end()) {
                std::vector<std::string_view> known;
                for (const auto& [word, ignored] : own) known.push_back(word);
                for (const auto& [word, ignored] : shared_fields()) known.push_back(word);
                const auto near = nearest(key, known);
                return base::Error{
                    base::Code::invalid,
                    base::format("{} is not a setting of {}{}", field, word_of(scenario.executor),
                                 near.empty() ? "" : ": did you mean " + near + "?")};
            }
        }
        TRY_VOID(reader->second(each, field, scenario));
    }
    if (!value.contains("maxDuration") && own.contains("maxDuration")) {
        scenario.duration = std::chrono::minutes(10);
    }
    if (!value.contains("maxVUs")) scenario.max_vus = scenario.pre_allocated_vus;
    if (scenario.executor == ExecutorKind::ramping_vus && !value.contains("startVUs")) {
        scenario.vus = 1;
    }
    return scenario;
}

base::Error refused(const Scenario& scenario, std::string_view what) {
    return {base::Code::invalid, base::format("scenarios.{}: {}", scenario.name, what)};
}

Result<Threshold> read_threshold(const Json& value, const std::string& path) {
    if (value.is_string()) return parse_threshold(value.get<std::string>());
    if (!value.is_object() || !value.contains("threshold")) {
        return wrong_type(path, "text or {threshold, abortOnFail, delayAbortEval}", value);
    }
    TRY(const auto text, read_text(value.at("threshold"), path + ".threshold"));
    TRY(auto threshold, parse_threshold(text));
    if (value.contains("abortOnFail")) {
        TRY(threshold.abort_on_fail, read_bool(value.at("abortOnFail"), path + ".abortOnFail"));
    }
    if (value.contains("delayAbortEval") && !value.at("delayAbortEval").is_null()) {
        TRY(threshold.delay_abort_eval,
            read_duration(value.at("delayAbortEval"), path + ".delayAbortEval"));
    }
    return threshold;
}

}  // namespace

Result<std::vector<Stage>> read_stages(const Json& value, std::string_view path) {
    if (!value.is_array()) return wrong_type(path, "a list of {duration, target}", value);
    std::vector<Stage> stages;
    for (const auto& each : value) {
        const auto place = base::format("{}[{}]", path, stages.size());
        if (!each.is_object() || !each.contains("duration") || !each.contains("target")) {
            return wrong_type(place, "{duration, target}", each);
        }
        Stage stage;
        TRY(stage.duration, read_duration(each.at("duration"), place + ".duration"));
        TRY(stage.target, read_whole(each.at("target"), place + ".target"));
        stages.push_back(stage);
    }
    return stages;
}

Result<std::vector<Scenario>> read_scenarios(const Json& value) {
    if (!value.is_object() || value.empty()) {
        return wrong_type("scenarios", "an object with at least one scenario", value);
    }
    std::vector<Scenario> scenarios;
    for (const auto& [name, each] : value.items()) {
        TRY(auto scenario, read_scenario(name, each));
        TRY_VOID(check_scenario(scenario));
        scenarios.push_back(std::move(scenario));
    }
    return scenarios;
}

Result<std::vector<ThresholdSet>> read_thresholds(const Json& value) {
    if (!value.is_object()) return wrong_type("thresholds", "an object of metrics", value);
    std::vector<ThresholdSet> sets;
    for (const auto& [key, list] : value.items()) {
        TRY(auto set, parse_threshold_key(key));
        if (list.is_string()) {
            TRY(auto only, parse_threshold(list.get<std::string>()));
            set.thresholds.push_back(std::move(only));
            sets.push_back(std::move(set));
            continue;
        }
        if (!list.is_array()) return wrong_type("thresholds." + key, "a list", list);
        for (const auto& each : list) {
            TRY(auto threshold, read_threshold(each, "thresholds." + key));
            set.thresholds.push_back(std::move(threshold));
        }
        sets.push_back(std::move(set));
    }
    return sets;
}

Result<void> check_scenario(const Scenario& scenario) {
    const bool ramping = scenario.executor == ExecutorKind::ramping_vus ||
                         scenario.executor == ExecutorKind::ramping_arrival_rate;
    if (scenario.name.empty() ||
        !std::all_of(scenario.name.begin(), scenario.name.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_' || c == '-';
        })) {
        return refused(scenario, "a scenario's name has only letters, digits, _ and -");
    }
    if (ramping && scenario.stages.empty()) return refused(scenario, "stages is missing or empty");
    if (!ramping && scenario.duration <= base::Nanos{}) {
        return refused(scenario, "duration is missing or zero, such as duration: '1m'");
    }
    if (is_open(scenario.executor)) {
        if (scenario.time_unit <= base::Nanos{})
            return refused(scenario, "timeUnit must be above zero");
        if (!ramping && scenario.rate == 0) return refused(scenario, "rate is missing or zero");
        const bool steep = std::any_of(scenario.stages.begin(), scenario.stages.end(),
                                       [](const auto& s) { return s.target > most_per_unit; });
        if (scenario.rate > most_per_unit || steep) {
            return refused(scenario, "a rate is beyond 1,000,000,000 per timeUnit");
        }
        if (scenario.pre_allocated_vus == 0 && scenario.max_vus == 0) {
            return refused(scenario,
                           "preAllocatedVUs is missing: how many users are made before the start");
        }
        if (scenario.max_vus < scenario.pre_allocated_vus) {
            return refused(scenario, "maxVUs is less than preAllocatedVUs");
        }
        return {};
    }
    if (!ramping && scenario.vus == 0) return refused(scenario, "vus must be one or more");
    const bool counted = scenario.executor == ExecutorKind::shared_iterations ||
                         scenario.executor == ExecutorKind::per_vu_iterations;
    if (counted && scenario.iterations == 0)
        return refused(scenario, "iterations must be one or more");
    if (scenario.executor == ExecutorKind::shared_iterations &&
        scenario.iterations < scenario.vus) {
        return refused(scenario, base::format("iterations ({}) must be at least vus ({})",
                                              scenario.iterations, scenario.vus));
    }
    return {};
}

}  // namespace weir::plan

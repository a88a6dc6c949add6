#include "plan/parse_options.h"

#include <algorithm>
#include <array>

#include "base/format.h"
#include "base/json.h"
#include "plan/json_reader.h"
#include "plan/option_fields.h"
#include "plan/parse_scenarios.h"

namespace weir::plan {
namespace {

using base::Json;
using base::Result;

/// k6's own names that mean nothing to us, or that only its cloud reads: no warning about them.
constexpr std::array<std::string_view, 8> passed_over{"cloud",
                                                      "ext",
                                                      "executionSegment",
                                                      "executionSegmentSequence",
                                                      "metricSamplesBufferSize",
                                                      "consoleOutput",
                                                      "noUsageReport",
                                                      "linger"};

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = text.find(at);
        if (end != 0) parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return parts;
}

base::Error bad_text(std::string_view name, std::string_view wanted, std::string_view value) {
    return {base::Code::invalid, base::format("{} must be {}, not '{}'", name, wanted, value)};
}

Result<Json> stages_json(std::string_view name, std::string_view value) {
    Json stages = Json::array();
    for (const auto& stage : split(value, ',')) {
        const auto colon = stage.find(':');
        if (colon == std::string::npos) return bad_text(name, "stages such as 10s:5,1m:20", value);
        TRY(const auto target, base::parse_json(stage.substr(colon + 1)));
        stages.push_back({{"duration", stage.substr(0, colon)}, {"target", target}});
    }
    return stages;
}

/// The JSON that a script would have written for the same setting.
Result<Json> json_of(const OptionField& field, std::string_view name, std::string_view value) {
    switch (field.form) {
        case TextForm::whole: {
            auto number = base::parse_json(value);
            if (!number.ok()) return bad_text(name, "a whole number", value);
            return number;
        }
        case TextForm::flag:
            if (value == "true" || value == "1" || value.empty()) return Json(true);
            if (value == "false" || value == "0") return Json(false);
            return bad_text(name, "true or false", value);
        case TextForm::list:
            return Json(split(value, ','));
        case TextForm::map: {
            Json map = Json::object();
            for (const auto& pair : split(value, ',')) {
                const auto equals = pair.find('=');
                if (equals == std::string::npos) return bad_text(name, "name=value", pair);
                map[pair.substr(0, equals)] = pair.substr(equals + 1);
            }
            return map;
        }
        case TextForm::stages:
            return stages_json(name, value);
        case TextForm::json:
            return base::parse_json(value);
        case TextForm::duration:
            // A bare number is milliseconds, as in scripts.
            if (value.find_first_not_of("0123456789.") == std::string_view::npos) {
                return base::parse_json(value);
            }
            [[fallthrough]];
        case TextForm::text:
            return Json(std::string(value));
    }
    return bad_text(name, "known", value);
}

bool says_load(const Options& options) {
    return options.duration || options.iterations || options.stages || options.scenarios;
}

}  // namespace

Result<Options> parse_options_json(std::string_view text) {
    TRY(const auto document, base::parse_json(text));
    Options options;
    if (document.is_null()) return options;
    if (!document.is_object()) return wrong_type("options", "an object", document);
    for (const auto& [key, value] : document.items()) {
        if (value.is_null()) continue;
        if (const auto* field = find_option(key)) {
            TRY_VOID(field->read(value, key, options));
        } else if (std::find(passed_over.begin(), passed_over.end(), key) == passed_over.end()) {
            options.unknown.push_back(key);
        }
    }
    return options;
}

Result<void> set_option_text(Options& options, std::string_view name, std::string_view value) {
    const auto* field = find_option(name);
    if (field == nullptr) {
        return base::Error{base::Code::invalid, base::format("there is no option '{}'", name)};
    }
    TRY(const auto json, json_of(*field, name, value));
    return field->read(json, name, options);
}

Result<Options> options_from_environment(const GetEnvironment& get) {
    Options options;
    for (const auto& field : option_fields()) {
        if (field.environment.empty()) continue;
        const std::string variable = "K6_" + std::string(field.environment);
        const auto value = get(variable);
        if (!value || value->empty()) continue;
        if (auto set = set_option_text(options, field.name, *value); !set.ok()) {
            return base::within(variable, set.error());
        }
    }
    return options;
}

Options merge(Options high, Options low) {
    if (says_load(high)) {
        low.duration.reset();
        low.iterations.reset();
        low.stages.reset();
        low.scenarios.reset();
    }
    for (const auto& field : option_fields()) field.merge(high, low);
    high.unknown.insert(high.unknown.end(), low.unknown.begin(), low.unknown.end());
    return high;
}

Result<std::vector<Scenario>> scenarios_of(const Options& options) {
    if (options.scenarios) return *options.scenarios;
    Scenario scenario;
    scenario.name = "default";
    scenario.vus = options.vus.value_or(1);
    if (options.stages) {
        if (options.duration || options.iterations) {
            return base::Error{
                base::Code::invalid,
                "stages cannot be combined with duration or iterations: choose one, or "
                "write scenarios"};
        }
        scenario.executor = ExecutorKind::ramping_vus;
        scenario.stages = *options.stages;
    } else if (options.iterations) {
        scenario.executor = ExecutorKind::shared_iterations;
        scenario.iterations = *options.iterations;
        scenario.duration = options.duration.value_or(std::chrono::minutes(10));
    } else if (options.duration) {
        scenario.executor = ExecutorKind::constant_vus;
        scenario.duration = *options.duration;
    } else {
        scenario.iterations = scenario.vus;
        scenario.duration = std::chrono::minutes(10);
    }
    TRY_VOID(check_scenario(scenario));
    return std::vector<Scenario>{scenario};
}

}  // namespace weir::plan

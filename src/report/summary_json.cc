#include "report/summary_json.h"

#include "base/json.h"
#include "record/group_tree.h"
#include "record/metric_view.h"
#include "record/threshold_result.h"
#include "report/figures.h"

namespace weir::report {
namespace {

using base::Json;
using record::MetricType;

Json values_of(const record::Selected& metric, const SummarySettings& settings) {
    Json values = Json::object();
    switch (metric.spec().type) {
        case MetricType::counter:
            values["count"] = metric.count();
            values["rate"] = metric.rate();
            break;
        case MetricType::gauge:
            values["value"] = metric.value();
            values["min"] = metric.min();
            values["max"] = metric.max();
            break;
        case MetricType::rate:
            values["rate"] = metric.rate();
            values["passes"] = metric.rate_total()->passes;
            values["fails"] = metric.rate_total()->fails;
            break;
        case MetricType::trend:
            for (const auto& name : settings.trend_stats) values[name] = trend_figure(metric, name);
            break;
    }
    return values;
}

bool passes(const record::ThresholdResult& result, const SummarySettings& settings) {
    if (result.state == record::ThresholdState::held) return true;
    return result.state != record::ThresholdState::crossed && settings.strict_compat;
}

const plan::ThresholdSet* thresholds_of(const SummarySettings& settings, const std::string& key) {
    for (const auto& set : settings.thresholds) {
        if (set.key == key) return &set;
    }
    return nullptr;
}

/// Every metric with samples, then sub-metrics that thresholds or k6 itself name.
template <typename Visit>
void each_metric(const record::RunRecord& record, const SummarySettings& settings, Visit visit) {
    const record::MetricView view(record);
    for (const auto& spec : record.metrics) {
        const auto selected = view.select(spec.name);
        const bool wanted = thresholds_of(settings, spec.name) != nullptr;
        if (selected && (selected->samples() > 0 || wanted)) visit(spec.name, *selected);
        if (spec.name != "http_req_duration") continue;
        record::Tags expected;
        expected.set("expected_response", "true");
        const auto good = view.select(spec.name, expected);
        const std::string key = "http_req_duration{expected_response:true}";
        if (good && good->samples() > 0 && thresholds_of(settings, key) == nullptr)
            visit(key, *good);
    }
    for (const auto& set : settings.thresholds) {
        if (set.selector.empty()) continue;
        if (const auto part = view.select(set.metric, record::selector_of(set)))
            visit(set.key, *part);
    }
}

Json group_json(const record::Group& group) {
    Json json{{"name", group.name}, {"path", group.path}, {"id", group.path}};
    json["groups"] = Json::array();
    for (const auto& inner : group.groups) json["groups"].push_back(group_json(inner));
    json["checks"] = Json::array();
    for (const auto& check : group.checks) {
        json["checks"].push_back({{"name", check.name},
                                  {"path", check.path},
                                  {"id", check.path},
                                  {"passes", check.passes},
                                  {"fails", check.fails}});
    }
    return json;
}

Json old_group_json(const record::Group& group) {
    Json json{{"name", group.name}, {"path", group.path}, {"id", group.path}};
    json["groups"] = Json::object();
    for (const auto& inner : group.groups) json["groups"][inner.name] = old_group_json(inner);
    json["checks"] = Json::object();
    for (const auto& check : group.checks) {
        json["checks"][check.name] = {{"name", check.name},
                                      {"path", check.path},
                                      {"id", check.path},
                                      {"passes", check.passes},
                                      {"fails", check.fails}};
    }
    return json;
}

}  // namespace

std::string summary_data(const record::RunRecord& record, const SummarySettings& settings) {
    const record::MetricView view(record);
    Json json;
    json["root_group"] = group_json(record::group_tree(record.metrics, record.series));
    json["options"] = {{"summaryTrendStats", settings.trend_stats},
                       {"summaryTimeUnit", settings.time_unit},
                       {"noColor", settings.no_color}};
    json["state"] = {{"isStdOutTTY", settings.out_is_tty},
                     {"isStdErrTTY", settings.error_is_tty},
                     {"testRunDurationMs", base::to_ms(record.duration)}};
    json["metrics"] = Json::object();
    each_metric(record, settings, [&](const std::string& key, const record::Selected& metric) {
        Json entry{{"type", record::word_of(metric.spec().type)},
                   {"contains", record::word_of(metric.spec().contains)},
                   {"values", values_of(metric, settings)}};
        if (const auto* set = thresholds_of(settings, key)) {
            entry["thresholds"] = Json::object();
            for (const auto& result : record::evaluate(*set, view)) {
                entry["thresholds"][result.source] = {{"ok", passes(result, settings)}};
            }
        }
        json["metrics"][key] = std::move(entry);
    });
    if (!record.setup_data_json.empty()) {
        if (auto data = base::parse_json(record.setup_data_json); data.ok())
            json["setup_data"] = data.value();
    }
    return base::write_json(json);
}

std::string summary_export(const record::RunRecord& record, const SummarySettings& settings) {
    const record::MetricView view(record);
    Json json;
    json["root_group"] = old_group_json(record::group_tree(record.metrics, record.series));
    json["metrics"] = Json::object();
    each_metric(record, settings, [&](const std::string& key, const record::Selected& metric) {
        Json entry = values_of(metric, settings);
        if (metric.spec().type == MetricType::rate) {
            entry = {{"value", metric.rate()},
                     {"passes", metric.rate_total()->passes},
                     {"fails", metric.rate_total()->fails}};
        }
        if (const auto* set = thresholds_of(settings, key)) {
            entry["thresholds"] = Json::object();
            for (const auto& result : record::evaluate(*set, view)) {
                entry["thresholds"][result.source] = !passes(result, settings);
            }
        }
        json["metrics"][key] = std::move(entry);
    });
    return base::write_json(json, 4) + "\n";
}

}  // namespace weir::report

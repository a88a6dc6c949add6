#include <algorithm>
#include <utility>

#include "record/metric_view.h"
#include "report/document/parts.h"
#include "report/document/rounding.h"

namespace weir::report {
namespace {

using base::Json;
using record::MetricType;

/// Rows of requests say these.
bool is_about_requests(std::string_view metric) {
    return metric.starts_with("http_req") || metric == "weir_response_time" ||
           metric == "weir_service_time" || metric == "weir_unfinished" ||
           metric == "weir_server_timing";
}

Json figures_of(const record::Selected& metric) {
    switch (metric.spec().type) {
        case MetricType::counter:
            return {{"count", number(metric.count())}, {"rate", number(metric.rate())}};
        case MetricType::gauge:
            return {{"value", number(metric.value())},
                    {"min", number(metric.min())},
                    {"max", number(metric.max())}};
        case MetricType::rate:
            return {{"rate", number(metric.rate())},
                    {"passes", metric.rate_total()->passes},
                    {"fails", metric.rate_total()->fails}};
        case MetricType::trend:
            return {{"count", number(metric.count(), 16)},
                    {"avg", number(metric.avg())},
                    {"min", number(metric.min())},
                    {"med", number(metric.med())},
                    {"max", number(metric.max())},
                    {"p(90)", number(metric.quantile(0.90))},
                    {"p(95)", number(metric.quantile(0.95))},
                    {"p(99)", number(metric.quantile(0.99))}};
    }
    return Json::object();
}

}  // namespace

Json metrics_json(const record::RunRecord& record) {
    Json list = Json::array();
    const record::MetricView view(record);
    for (const auto& spec : record.metrics) {
        if (is_about_requests(spec.name)) continue;
        const auto selected = view.select(spec.name);
        if (!selected || selected->samples() == 0) continue;
        list.push_back({{"name", spec.name},
                        {"type", word_of(spec.type)},
                        {"contains", word_of(spec.contains)},
                        {"figures", figures_of(*selected)}});
    }
    return list;
}

Json checks_json(const record::RunRecord& record) {
    struct Check {
        std::string name;
        std::string group;
        record::RateTotal total;
    };
    std::vector<Check> checks;
    for (const auto& series : record.series) {
        if (record.metrics[static_cast<std::size_t>(series.metric)].name != "checks") continue;
        const auto* total = std::get_if<record::RateTotal>(&series.total);
        const auto* name = series.tags.find("check");
        if (total == nullptr || name == nullptr) continue;
        const auto* group = series.tags.find("group");
        const std::string within = group == nullptr ? "" : *group;
        auto same = std::find_if(checks.begin(), checks.end(), [&](const Check& each) {
            return each.name == *name && each.group == within;
        });
        if (same == checks.end()) same = checks.insert(same, {*name, within, {}});
        same->total.merge(*total);
    }
    Json list = Json::array();
    for (const auto& each : checks) {
        list.push_back({{"name", each.name},
                        {"group", each.group},
                        {"passed", each.total.passes},
                        {"failed", each.total.fails}});
    }
    return list;
}

}  // namespace weir::report

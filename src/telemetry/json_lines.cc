#include "telemetry/json_lines.h"

#include <utility>

#include "base/json.h"
#include "record/wall_text.h"
#include "telemetry/gzip.h"

namespace weir::telemetry {
namespace {

using base::Json;

Json figures(const record::CounterTotal& counter) {
    return {{"count", counter.sum.value()}, {"samples", counter.samples}};
}
Json figures(const record::GaugeTotal& gauge) {
    return {{"value", gauge.last}, {"min", gauge.min}, {"max", gauge.max}};
}
Json figures(const record::RateTotal& rate) {
    return {{"rate", static_cast<double>(rate.passes) / static_cast<double>(rate.samples())},
            {"passes", rate.passes},
            {"fails", rate.fails}};
}
Json figures(const stats::Distribution& values) {
    return {{"count", values.count()},        {"sum", values.sum()},
            {"avg", values.mean()},           {"min", values.min()},
            {"med", values.quantile(0.5)},    {"max", values.max()},
            {"p(90)", values.quantile(0.9)},  {"p(95)", values.quantile(0.95)},
            {"p(99)", values.quantile(0.99)}, {"p(99.9)", values.quantile(0.999)}};
}

Json figures_of(const record::Aggregate& total) {
    return std::visit([](const auto& each) { return figures(each); }, total);
}

}  // namespace

std::vector<Parcel> JsonLines::encode(const Moment& moment) {
    std::string body;
    const std::string at = record::to_text(moment.at);
    for (std::size_t i = 0; i < moment.series.size(); ++i) {
        const auto& series = moment.series[i];
        const auto change = changes_.of(moment, i);
        if (is_empty(change)) continue;
        const auto& spec = moment.spec_of(series);
        Json line = Json::object();
        line["time"] = at;
        line["since"] = record::to_text(changes_.since(moment, i));
        line["run"] = run_id_;
        line["metric"] = spec.name;
        line["type"] = record::word_of(spec.type);
        line["contains"] = record::word_of(spec.contains);
        Json tags = Json::object();
        for (const auto& [key, value] : series.tags.pairs()) tags[key] = value;
        line["tags"] = std::move(tags);
        if (spec.type != record::MetricType::gauge) line["new"] = figures_of(change);
        line["total"] = figures_of(series.total);
        body += base::write_json(line) + "\n";
    }
    if (body.empty()) return {};
    return {{gzip_ ? gzipped(body) : std::move(body), 0, moment.series.size()}};
}

void JsonLines::taken(const SharedMoment& moment, const Parcel& parcel) {
    changes_.take(moment, parcel.first, parcel.last);
}

}  // namespace weir::telemetry

#include <array>

#include "report/document/distribution.h"
#include "report/document/parts.h"
#include "report/document/rounding.h"

namespace weir::report {
namespace {

using base::Json;

struct Quantile {
    const char* key;
    double q;
};
constexpr std::array quantiles{Quantile{"p50Ms", 0.5}, Quantile{"p75Ms", 0.75},
                               Quantile{"p90Ms", 0.9}, Quantile{"p95Ms", 0.95},
                               Quantile{"p99Ms", 0.99}};

/// The part of a window that is the row's; all of it for all requests together.
record::RowWindow part_of(const record::Window& window, const RequestRow& row, bool all) {
    if (!all) {
        return row.window_row < window.rows.size() ? window.rows[row.window_row]
                                                   : record::RowWindow{};
    }
    record::RowWindow sum;
    for (const auto& each : window.rows) sum.merge(each);
    return sum;
}

Json over_time(const record::Windows& windows, const RequestRow& row, bool all) {
    constexpr double nanos_per_ms = 1e6;
    Json json{{"count", Json::array()}, {"failed", Json::array()}};
    for (const auto& each : quantiles) json[each.key] = Json::array();
    json["maxMs"] = Json::array();
    for (const auto& window : windows.all()) {
        const auto part = part_of(window, row, all);
        const auto& times = part.response_time;
        const auto value = [&times](double nanos) {
            return times.empty() ? Json() : number(nanos / nanos_per_ms, plot_digits);
        };
        json["count"].push_back(part.requests);
        json["failed"].push_back(part.failed);
        for (const auto& each : quantiles) {
            json[each.key].push_back(value(times.value_at_quantile(each.q)));
        }
        json["maxMs"].push_back(value(static_cast<double>(times.max())));
    }
    return json;
}

Json times_json(const NamedTimes& each, bool counted) {
    Json json{{"name", each.name}};
    if (counted) json["count"] = each.times.count();
    json["meanMs"] = number(each.times.mean(), plot_digits);
    json["p95Ms"] = number(each.times.quantile(0.95), plot_digits);
    return json;
}

Json row_json(const record::RunRecord& record, const RequestRow& row, bool all) {
    Json json{{"journey", row.journey}, {"request", row.request}, {"group", row.group}};
    if (row.side != record::Side::alone) json["side"] = word_of(row.side);
    json["tags"] = Json::object();
    for (const auto& [key, value] : row.tags) json["tags"][key] = value;
    json["count"] = row.count;
    json["failed"] = row.failed;
    json["unfinished"] = row.unfinished;
    json["perSecond"] = number(row.per_second);
    json["checksPassed"] = row.checks_passed;
    json["checksFailed"] = row.checks_failed;
    json["statuses"] = Json::array();
    for (const auto& [status, times] : row.statuses) {
        json["statuses"].push_back(Json::array({status, times}));
    }
    if (!row.response_time.empty()) json["responseTime"] = distribution_json(row.response_time);
    if (!row.service_time.empty()) json["serviceTime"] = distribution_json(row.service_time);
    json["phases"] = Json::array();
    for (const auto& each : row.phases) json["phases"].push_back(times_json(each, false));
    json["serverTiming"] = Json::array();
    for (const auto& each : row.server_timing) {
        json["serverTiming"].push_back(times_json(each, true));
    }
    json["timeline"] = over_time(record.windows, row, all);
    return json;
}

}  // namespace

Json requests_json(const record::RunRecord& record, const std::vector<RequestRow>& rows) {
    Json list = Json::array();
    for (const auto& row : rows) list.push_back(row_json(record, row, list.empty()));
    return list;
}

}  // namespace weir::report

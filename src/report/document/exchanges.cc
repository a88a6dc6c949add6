#include <algorithm>

#include "record/server_timing.h"
#include "record/tags.h"
#include "report/document/parts.h"
#include "report/document/rounding.h"

namespace weir::report {
namespace {

using base::Json;

// What a target answers has no bound of its own.
constexpr std::size_t url_bytes_most = 2000;
constexpr std::size_t words_bytes_most = 1000;
constexpr std::size_t stack_bytes_most = 4000;

Json server_timing_json(const std::string& header) {
    Json list = Json::array();
    for (const auto& each : record::parse_server_timing(header)) {
        Json json{{"name", each.name}};
        if (each.ms) json["ms"] = number(*each.ms);
        if (!each.description.empty()) json["description"] = each.description;
        list.push_back(std::move(json));
    }
    return list;
}

}  // namespace

Json exchanges_json(const std::vector<record::Exchange>& exchanges) {
    Json list = Json::array();
    for (const auto& each : exchanges) {
        list.push_back({{"request", shortened(record::shown_request(each.name), url_bytes_most)},
                        {"method", each.method},
                        {"url", shortened(each.url, url_bytes_most)},
                        {"status", each.status},
                        {"errorCode", each.error_code},
                        {"error", shortened(each.error, words_bytes_most)},
                        {"traceId", each.trace_id},
                        {"scenario", each.scenario},
                        {"startSeconds", seconds(each.start)},
                        {"responseMs", milliseconds(each.response_time)},
                        {"serviceMs", milliseconds(each.service_time)},
                        {"serverTiming", server_timing_json(each.server_timing)}});
    }
    return list;
}

Json unfinished_json(const record::RunRecord& record) {
    std::vector<record::Exchange> exchanges;
    for (const auto& each : record.evidence.unfinished) {
        // An age counts from the intended start, which is not after the real one. Nobody promises
        // that a stored record is of sound mind.
        const base::Nanos none{};
        const auto sent_for = std::max(record.duration, none) - std::max(each.start, none);
        exchanges.push_back({.name = each.name,
                             .method = each.method,
                             .url = each.url,
                             .error = "unfinished when the run ended",
                             .trace_id = each.trace_id,
                             .scenario = each.scenario,
                             .start = each.start,
                             .response_time = each.age,
                             .service_time = std::clamp(sent_for, none, std::max(each.age, none)),
                             .server_timing = {}});
    }
    return exchanges_json(exchanges);
}

Json script_failures_json(const record::Evidence& evidence) {
    Json list = Json::array();
    for (const auto& each : evidence.script_failures) {
        list.push_back({{"message", shortened(each.message, words_bytes_most)},
                        {"location", each.location},
                        {"stack", shortened(each.stack, stack_bytes_most)},
                        {"count", each.count}});
    }
    return list;
}

}  // namespace weir::report

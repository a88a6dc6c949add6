#include <algorithm>
#include <vector>

#include "report/document/parts.h"
#include "report/document/planned_arrivals.h"
#include "report/document/rounding.h"

namespace weir::report {
namespace {

/// Users on a journey, most in each window. Their gauge is read about once a second, which passes
/// over what is shorter and over a window now and then: who began a journey and has not ended it is
/// on one.
std::vector<double> users_in(const record::Windows& windows) {
    std::vector<double> users;
    double under_way = 0;
    for (const auto& window : windows.all()) {
        const auto begun = static_cast<double>(window.iterations_started);
        under_way += begun - static_cast<double>(window.iterations_finished);
        users.push_back(std::max({window.vus, under_way, std::min(begun, 1.0)}));
    }
    return users;
}

}  // namespace

base::Json timeline_json(const record::RunRecord& record) {
    using base::Json;
    Json json{{"widthSeconds", seconds(record.windows.width())}};
    for (const char* list : {"intended", "started", "finished", "dropped", "requests", "failed",
                             "bytesReceived", "bytesSent", "users"}) {
        json[list] = Json::array();
    }
    for (const double arrivals : planned_arrivals(record)) {
        json["intended"].push_back(number(arrivals, plot_digits));
    }
    for (const auto& window : record.windows.all()) {
        json["started"].push_back(window.iterations_started);
        json["finished"].push_back(window.iterations_finished);
        json["dropped"].push_back(window.iterations_dropped);
        json["requests"].push_back(window.requests);
        json["failed"].push_back(window.failed);
        json["bytesReceived"].push_back(window.bytes_received);
        json["bytesSent"].push_back(window.bytes_sent);
    }
    for (const double users : users_in(record.windows)) json["users"].push_back(number(users));
    return json;
}

}  // namespace weir::report

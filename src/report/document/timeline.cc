#include "report/document/parts.h"
#include "report/document/planned_arrivals.h"
#include "report/document/rounding.h"

namespace weir::report {

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
        json["users"].push_back(number(window.vus));
    }
    return json;
}

}  // namespace weir::report

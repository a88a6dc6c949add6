#include "report/team/suites_document.h"

#include "report/team/document_head.h"

namespace weir::report {

std::string suites_document(const StoreState& store, const std::vector<SuiteEntry>& suites) {
    auto json = document_head("weir.suites", store);
    json["suites"] = base::Json::array();
    for (const auto& each : suites) {
        json["suites"].push_back({{"suite", each.suite},
                                  {"environment", each.environment},
                                  {"runs", each.runs},
                                  {"newest", record::to_text(each.newest)}});
    }
    return base::write_json(json) + "\n";
}

}  // namespace weir::report

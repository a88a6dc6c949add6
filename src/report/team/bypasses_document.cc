#include "report/team/bypasses_document.h"

#include "base/format.h"
#include "report/team/document_head.h"

namespace weir::report {
namespace {

using base::Json;

Json json_of(const BypassLine& bypass) {
    Json json{{"id", bypass.id},
              {"state", bypass.state},
              {"words", bypass.words},
              {"suite", bypass.suite},
              {"environment", bypass.environment}};
    put_text(json, "commit", bypass.commit);
    put_text(json, "artefact", bypass.artefact);
    json["requester"] = bypass.requester;
    json["approvers"] = bypass.approvers;
    json["reason"] = bypass.reason;
    put_text(json, "incident", bypass.incident);
    json["impact"] = bypass.impact;
    json["created"] = record::to_text(bypass.created);
    json["expires"] = record::to_text(bypass.expires);
    json["uses"] = bypass.uses;
    json["usedBy"] = bypass.used_by;
    json["notes"] = bypass.notes;
    return json;
}

Json json_of(const gate::Debt& debt) {
    return {{"row", debt.row},
            {"bypass", debt.bypass},
            {"run", debt.run_id},
            {"suite", debt.suite},
            {"environment", debt.environment},
            {"since", record::to_text(debt.since)},
            {"conditions", debt.conditions}};
}

}  // namespace

std::string bypasses_document(const BypassesView& view) {
    auto json = document_head("weir.bypasses", view.store);
    put_text(json, "suite", view.suite);
    put_text(json, "environment", view.environment);
    json["open"] = Json::array();
    for (const auto& each : view.open) json["open"].push_back(json_of(each));
    json["debts"] = Json::array();
    for (const auto& each : view.debts) json["debts"].push_back(json_of(each));
    json["usedIn30Days"] = view.used_in_30_days;
    json["ledger"] = {{"rows", view.rows},
                      {"whole", view.whole},
                      {"words", view.whole ? base::format("all {} rows of the ledger are as they "
                                                          "were written",
                                                          view.rows)
                                           : view.broken_words}};
    return base::write_json(json) + "\n";
}

}  // namespace weir::report

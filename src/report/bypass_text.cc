#include "report/bypass_text.h"

#include "base/format.h"
#include "base/json.h"
#include "record/wall_text.h"

namespace weir::report {
namespace {

using base::Json;

/// "2026-11-24 14:03 UTC"
std::string minute_of(base::WallTime at) {
    const auto text = record::to_text(at);
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& each : names) text += (text.empty() ? "" : ", ") + each;
    return text;
}

/// "commit c0ffee and sha256:…"
std::string bound_to(const BypassLine& bypass) {
    std::string text;
    if (!bypass.commit.empty()) text = "commit " + bypass.commit;
    if (!bypass.artefact.empty()) {
        text += (text.empty() ? "" : " and ") + ("sha256:" + bypass.artefact);
    }
    return text;
}

Json json_of(const BypassLine& bypass) {
    return {{"id", bypass.id},
            {"state", bypass.state},
            {"words", bypass.words},
            {"suite", bypass.suite},
            {"environment", bypass.environment},
            {"commit", bypass.commit},
            {"artefact", bypass.artefact},
            {"requester", bypass.requester},
            {"approvers", bypass.approvers},
            {"reason", bypass.reason},
            {"incident", bypass.incident},
            {"impact", bypass.impact},
            {"created", record::to_text(bypass.created)},
            {"expires", record::to_text(bypass.expires)},
            {"uses", bypass.uses},
            {"used_by", bypass.used_by},
            {"notes", bypass.notes}};
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

std::string bypass_text(const BypassLine& bypass) {
    std::string out = base::format("bypass {}: {} — {}\n", bypass.id, bypass.state, bypass.words);
    const auto line = [&out](std::string_view name, const std::string& text) {
        if (!text.empty()) out += base::format("  {:<9} {}\n", name, text);
    };
    line("for", base::format("{} on {}, {}", bypass.suite, bypass.environment, bound_to(bypass)));
    line("asked by", bypass.requester);
    line("approved", joined(bypass.approvers));
    line("reason", bypass.reason);
    line("incident", bypass.incident);
    line("impact", bypass.impact);
    line("until", minute_of(bypass.expires));
    line("uses", base::format("{} of {}{}", bypass.used_by.size(), bypass.uses,
                              bypass.used_by.empty() ? "" : ": " + joined(bypass.used_by)));
    for (const auto& each : bypass.notes) line("note", each);
    return out;
}

std::string bypasses_text(const std::vector<BypassLine>& bypasses,
                          const std::vector<gate::Debt>& debts) {
    std::string out;
    for (const auto& each : bypasses) out += (out.empty() ? "" : "\n") + bypass_text(each);
    if (bypasses.empty()) out = "no bypass\n";
    if (!debts.empty()) out += "\n";
    for (const auto& each : debts) out += debt_text(each) + "\n";
    return out;
}

std::string bypasses_json(const std::vector<BypassLine>& bypasses,
                          const std::vector<gate::Debt>& debts) {
    Json json{{"bypasses", Json::array()}, {"debts", Json::array()}};
    for (const auto& each : bypasses) json["bypasses"].push_back(json_of(each));
    for (const auto& each : debts) json["debts"].push_back(json_of(each));
    return base::write_json(json, 2) + "\n";
}

std::string bypass_json(const BypassLine& bypass) {
    return base::write_json(json_of(bypass), 2) + "\n";
}

std::string debt_text(const gate::Debt& debt) {
    std::string what;
    for (const auto& each : debt.conditions) what += (what.empty() ? "" : "; ") + each;
    return base::format("debt since {} (bypass {}, run {}): {}",
                        record::to_text(debt.since).substr(0, 10), debt.bypass, debt.run_id,
                        what.empty() ? "a run must pass" : "must hold again: " + what);
}

}  // namespace weir::report

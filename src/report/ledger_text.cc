#include "report/ledger_text.h"

#include "base/format.h"
#include "base/json.h"

namespace weir::report {
namespace {

/// What the content says in a word or two: who refused what, which debt; envelopes are for
/// programs.
std::string gist(const LedgerLine& row) {
    const auto content = base::parse_json(row.content);
    if (row.content.empty() || !content.ok() || !content.value().is_object()) return {};
    const auto& json = content.value();
    if (json.contains("why")) {
        return base::format("{} by {}: {}", base::text_or(json, "what", ""),
                            base::text_or(json, "who", "nobody known"),
                            base::text_or(json, "why", ""));
    }
    if (json.contains("debt")) {
        return base::format("the debt of row {:.0f}", base::number_or(json, "debt", 0));
    }
    std::string text;
    if (json.contains("conditions") && json.at("conditions").is_array()) {
        for (const auto& each : json.at("conditions")) {
            if (each.is_string()) text += (text.empty() ? "" : "; ") + each.get<std::string>();
        }
    }
    return text;
}

}  // namespace

std::string ledger_text(const std::vector<LedgerLine>& rows) {
    std::string out;
    for (const auto& row : rows) {
        out += base::format("{:>5}  {} {}  {}", row.sequence, row.at.substr(0, 10),
                            row.at.size() > 19 ? row.at.substr(11, 8) : "", row.kind);
        const auto say = [&out](std::string_view name, const std::string& value) {
            if (!value.empty()) out += base::format("  {}{}", name, value);
        };
        say("", row.bypass);
        say("run ", row.run_id);
        say("", row.suite + (row.environment.empty() ? "" : " on " + row.environment));
        say("commit ", row.commit);
        say("", row.subject);
        out += "\n";
        if (const auto words = gist(row); !words.empty()) out += base::format("       {}\n", words);
    }
    return out.empty() ? "no row\n" : out;
}

std::string ledger_json(const std::vector<LedgerLine>& rows) {
    base::Json json{{"rows", base::Json::array()}};
    for (const auto& row : rows) {
        const auto content = base::parse_json(row.content);
        json["rows"].push_back({{"sequence", row.sequence},
                                {"at", row.at},
                                {"kind", row.kind},
                                {"suite", row.suite},
                                {"environment", row.environment},
                                {"subject", row.subject},
                                {"commit", row.commit},
                                {"bypass", row.bypass},
                                {"run", row.run_id},
                                {"content", content.ok() ? content.value() : base::Json()},
                                {"hash", row.hash}});
    }
    return base::write_json(json, 2) + "\n";
}

std::string ledger_proof_text(const attest::ChainHead& head,
                              const std::optional<LedgerBreak>& broken) {
    if (broken) {
        return base::format("the ledger is broken at row {}: {}\n", broken->sequence,
                            broken->words);
    }
    return base::format("the ledger is whole: {} {}\nhead {}:{}\n", head.sequence,
                        head.sequence == 1 ? "row" : "rows", head.sequence, head.hash);
}

std::string ledger_proof_json(const attest::ChainHead& head,
                              const std::optional<LedgerBreak>& broken) {
    base::Json json{{"whole", !broken.has_value()},
                    {"rows", head.sequence},
                    {"head", base::format("{}:{}", head.sequence, head.hash)}};
    if (broken)
        json["broken"] = {
            {"row", broken->sequence}, {"how", broken->how}, {"words", broken->words}};
    return base::write_json(json, 2) + "\n";
}

}  // namespace weir::report

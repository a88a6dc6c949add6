#include "record/verdict.h"

#include "base/json.h"

namespace weir::record {
namespace {

using base::Json;

std::string_view word_of(FigureUnit unit) {
    switch (unit) {
        case FigureUnit::share:
            return "share";
        case FigureUnit::milliseconds:
            return "milliseconds";
        case FigureUnit::per_second:
            return "per_second";
        case FigureUnit::plain:
            return "plain";
    }
    return "";
}

Json json_of(const Finding& finding) {
    return {{"condition", finding.condition},
            {"state", word_of(finding.state)},
            {"decided", finding.decided},
            {"weak", finding.weak},
            {"unit", word_of(finding.unit)},
            {"value", finding.value},
            {"limit", finding.limit},
            {"samples", finding.samples},
            {"interval", {finding.interval.low, finding.interval.high}},
            {"words", finding.words},
            {"journey", finding.journey},
            {"request", finding.request}};
}

Json json_of(const Signal& signal) {
    return {
        {"name", signal.name}, {"hard", signal.hard},   {"against_service", signal.against_service},
        {"note", signal.note}, {"words", signal.words}, {"who", signal.who}};
}

}  // namespace

std::string_view word_of(VerdictKind kind) noexcept {
    switch (kind) {
        case VerdictKind::pass:
            return "pass";
        case VerdictKind::fail:
            return "fail";
        case VerdictKind::invalid:
            return "invalid";
    }
    return "";
}

std::string_view word_of(FindingState state) noexcept {
    switch (state) {
        case FindingState::held:
            return "held";
        case FindingState::missed:
            return "missed";
        case FindingState::undecided:
            return "undecided";
    }
    return "";
}

std::string encode(const Verdict& verdict) {
    Json json{{"format", "weir-verdict"}, {"version", 1}, {"verdict", word_of(verdict.kind)}};
    json["reasons"] = verdict.reasons;
    json["findings"] = Json::array();
    for (const auto& each : verdict.findings) json["findings"].push_back(json_of(each));
    json["signals"] = Json::array();
    for (const auto& each : verdict.signals) json["signals"].push_back(json_of(each));
    json["versions"] = verdict.versions;
    return base::write_json(json, 2) + "\n";
}

}  // namespace weir::record

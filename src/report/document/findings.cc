#include "report/document/parts.h"
#include "report/document/rounding.h"
#include "report/figures.h"

namespace weir::report {
namespace {

using base::Json;
using record::Finding;

/// A share a hair under its limit must not be rounded onto it.
Json figure(double value) {
    constexpr int digits = 12;
    return number(value, digits);
}

std::string_view weight_of(const record::Signal& signal) {
    if (signal.hard) return "hard";
    if (signal.against_service) return "against the service";
    return signal.note ? "note" : "soft";
}

}  // namespace

Json findings_json(const record::Verdict& verdict) {
    Json list = Json::array();
    for (const auto& finding : verdict.findings) {
        Json json{{"condition", finding.condition},  {"state", word_of(finding.state)},
                  {"unit", unit_word(finding.unit)}, {"value", figure(finding.value)},
                  {"limit", figure(finding.limit)},  {"samples", finding.samples}};
        if (has_interval(finding)) {
            json["interval"] = {number(finding.interval.low), number(finding.interval.high)};
        }
        json["decided"] = finding.decided;
        json["aboutGenerator"] = finding.about_generator;
        json["words"] = finding.words;
        if (!finding.journey.empty()) json["journey"] = finding.journey;
        if (!finding.request.empty()) json["request"] = finding.request;
        json["aboutBaseline"] = finding.about_baseline;
        list.push_back(std::move(json));
    }
    return list;
}

Json signals_json(const record::Verdict& verdict) {
    Json list = Json::array();
    for (const auto& signal : verdict.signals) {
        list.push_back({{"name", signal.name},
                        {"weight", weight_of(signal)},
                        {"words", signal.words},
                        {"who", signal.who}});
    }
    return list;
}

}  // namespace weir::report

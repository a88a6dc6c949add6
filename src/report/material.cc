#include "report/material.h"

#include <algorithm>
#include <cmath>

namespace weir::report {

std::string verdict_word(const Material& material) {
    if (material.decision.bypassed) return "bypassed";
    const bool asked =
        !material.verdict.findings.empty() || material.provenance.kind != gate::ResultKind::run;
    if (!asked && material.verdict.kind == record::VerdictKind::pass) return "none";
    return std::string(record::word_of(material.verdict.kind));
}

bool is_web_address(std::string_view text) noexcept {
    return text.starts_with("https://") || text.starts_with("http://");
}

std::string trace_link(const Material& material, const std::string& trace_id) {
    constexpr std::string_view place = "{trace_id}";
    std::string link = material.provenance.trace_url;
    if (!is_web_address(link) || trace_id.empty()) return {};
    for (auto at = link.find(place); at != std::string::npos; at = link.find(place, at)) {
        link.replace(at, place.size(), trace_id);
        at += trace_id.size();
    }
    return link;
}

bool has_interval(const record::Finding& finding) noexcept {
    const auto& [low, high] = finding.interval;
    if (finding.about_generator || finding.unit == record::FigureUnit::plain) return false;
    if (!std::isfinite(low) || !std::isfinite(high)) return false;
    return !(low == 0 && high == 1) && high > low;
}

std::vector<std::string> who_should_look(const Material& material) {
    std::vector<std::string> who;
    for (const auto& signal : material.verdict.signals) {
        if (signal.note || signal.who.empty()) continue;
        if (std::find(who.begin(), who.end(), signal.who) == who.end()) who.push_back(signal.who);
    }
    return who;
}

}  // namespace weir::report

#include <cmath>
#include <cstdint>
#include <string>

#include "base/json.h"
#include "judge/duet.h"

namespace weir::judge {
namespace {

using base::Json;

Json finite(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

std::string_view word_of(stats::PairedState state) {
    switch (state) {
        case stats::PairedState::slower:
            return "slower";
        case stats::PairedState::faster:
            return "faster";
        case stats::PairedState::no_slower:
            return "no slower";
        case stats::PairedState::undecided:
            break;
    }
    return "undecided";
}

Json json_of(const DuetFinding& found) {
    const auto& time = found.time;
    Json json{{"journey", found.journey},
              {"name", found.name},
              {"state", word_of(time.state)},
              {"pairs", time.pairs},
              {"blocks", time.blocks}};
    const bool known = time.blocks > 0;
    json["ratio"] = {{"value", known ? finite(time.ratio) : Json(nullptr)},
                     {"low", time.ratio_low > 0 ? finite(time.ratio_low) : Json(nullptr)},
                     {"high", known ? finite(time.ratio_high) : Json(nullptr)}};
    json["difference_ms"] = {{"value", known ? finite(time.difference / 1e6) : Json(nullptr)},
                             {"low", finite(time.difference_low / 1e6)},
                             {"high", finite(time.difference_high / 1e6)}};
    json["inflation"] = time.inflation;
    json["failures"] = {{"more", found.failing},
                        {"candidate_only", found.failures.candidate_only},
                        {"baseline_only", found.failures.baseline_only},
                        {"both", found.failures.both}};
    return json;
}

}  // namespace

std::string encode(const DuetVerdict& duet, const DuetRule& rule) {
    Json json{{"format", "weir-duet"},
              {"version", 1},
              {"verdict", record::word_of(duet.verdict.kind)},
              {"reasons", duet.verdict.reasons}};
    json["rule"] = {{"level", rule.level},
                    {"relative", rule.slower_than.relative},
                    {"absolute_ns", rule.slower_than.absolute.count()},
                    {"failures", rule.failures}};
    json["requests"] = Json::array();
    for (const auto& found : duet.requests) json["requests"].push_back(json_of(found));
    json["signals"] = Json::array();
    for (const auto& signal : duet.verdict.signals) {
        json["signals"].push_back({{"name", signal.name},
                                   {"hard", signal.hard},
                                   {"words", signal.words},
                                   {"who", signal.who}});
    }
    return base::write_json(json, 2) + "\n";
}

base::Result<DuetRule> decode_duet_rule(std::string_view text) {
    TRY(const auto json, base::parse_json(text));
    if (base::text_or(json, "format", "") != "weir-duet" || !json.contains("rule")) {
        return base::Error{base::Code::invalid, "this is not a duet that Weir wrote"};
    }
    const Json& from = json["rule"];
    DuetRule rule;
    rule.level = base::number_or(from, "level", rule.level);
    auto& [relative, threshold] = rule.slower_than;
    relative = base::number_or(from, "relative", relative);
    rule.failures = base::number_or(from, "failures", rule.failures);
    const double absolute = base::number_or(from, "absolute_ns", 0);
    const bool fits = rule.level > 0 && rule.level < 1 && relative >= 0 && absolute >= 0 &&
                      absolute < 1e18 && std::isfinite(relative);
    if (!fits) return base::Error{base::Code::invalid, "the duet's rule makes no sense"};
    threshold = base::Nanos(static_cast<std::int64_t>(absolute));
    return rule;
}

}  // namespace weir::judge

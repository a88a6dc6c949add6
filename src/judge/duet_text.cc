#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "base/format.h"
#include "base/json.h"
#include "base/units.h"
#include "judge/duet.h"

namespace weir::judge {
namespace {

using base::Json;

base::Error not_understood(std::string_view part) {
    return {
        base::Code::invalid,
        base::format("\"{}\" is no threshold: write \"20% and 50ms\", \"5%\" or \"10ms\"", part)};
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::optional<double> percent(std::string_view text) {
    text = trimmed(text.substr(0, text.size() - 1));
    std::size_t used = 0;
    double value = 0;
    bool point = false;
    double unit = 1;
    for (; used < text.size(); ++used) {
        const char c = text[used];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            if (point) unit /= 10;
            value = point ? value + (c - '0') * unit : value * 10 + (c - '0');
        } else {
            return std::nullopt;
        }
    }
    if (used == 0 || value > 1e6) return std::nullopt;
    return value / 100;
}

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

base::Result<DuetRule> parse_slower_than(std::string_view text, DuetRule rule) {
    rule.relative = 0;
    rule.absolute = base::Nanos{};
    std::string_view rest = text;
    while (true) {
        const auto joint = rest.find(" and ");
        const std::string_view part = trimmed(rest.substr(0, joint));
        if (part.empty()) return not_understood(text);
        if (part.back() == '%') {
            const auto share = percent(part);
            if (!share) return not_understood(part);
            rule.relative = *share;
        } else {
            const auto duration = base::parse_duration(part);
            const bool bare = part.back() >= '0' && part.back() <= '9';  // percent, or what?
            if (bare || !duration.ok() || duration.value() < base::Nanos{})
                return not_understood(part);
            rule.absolute = duration.value();
        }
        if (joint == std::string_view::npos) return rule;
        rest.remove_prefix(joint + 5);
    }
}

std::string threshold_words(const DuetRule& rule) {
    const std::string relative = base::format("{} %", rule.relative * 100);
    if (rule.absolute == base::Nanos{}) return "more than " + relative;
    const std::string absolute = base::write_duration(rule.absolute);
    if (rule.relative <= 0) return "more than " + absolute;
    return base::format("more than {} and {}", relative, absolute);
}

std::string encode(const DuetVerdict& duet, const DuetRule& rule) {
    Json json{{"format", "weir-duet"},
              {"version", 1},
              {"verdict", record::word_of(duet.verdict.kind)},
              {"reasons", duet.verdict.reasons}};
    json["rule"] = {{"level", rule.level},
                    {"relative", rule.relative},
                    {"absolute_ns", rule.absolute.count()},
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
    rule.relative = base::number_or(from, "relative", rule.relative);
    rule.failures = base::number_or(from, "failures", rule.failures);
    const double absolute = base::number_or(from, "absolute_ns", 0);
    const bool fits = rule.level > 0 && rule.level < 1 && rule.relative >= 0 && absolute >= 0 &&
                      absolute < 1e18 && std::isfinite(rule.relative);
    if (!fits) return base::Error{base::Code::invalid, "the duet's rule makes no sense"};
    rule.absolute = base::Nanos(static_cast<std::int64_t>(absolute));
    return rule;
}

}  // namespace weir::judge

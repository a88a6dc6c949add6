#include "judge/criteria.h"

#include <array>
#include <limits>

#include "base/format.h"
#include "base/json.h"
#include "plan/json_reader.h"

namespace weir::judge {
namespace {

using base::Json;
using base::Result;
using plan::ConditionKind;

constexpr int format_version = 1;

struct KindWord {
    ConditionKind kind;
    std::string_view word;
};
constexpr std::array kind_words{KindWord{ConditionKind::share_under, "share_under"},
                                KindWord{ConditionKind::errors, "errors"},
                                KindWord{ConditionKind::checks, "checks"},
                                KindWord{ConditionKind::rate, "rate"},
                                KindWord{ConditionKind::mean_under, "mean_under"},
                                KindWord{ConditionKind::flow, "flow"},
                                KindWord{ConditionKind::status, "status"},
                                KindWord{ConditionKind::generator, "generator"}};
constexpr std::array figure_words{"cpu", "memory", "stall", "late"};
constexpr std::array policy_words{"estimate", "pass", "fail", "invalid"};
constexpr std::array slower_words{"ignore", "report", "fail"};
constexpr std::array baseline_words{"median", "p95"};

std::string_view word_of(ConditionKind kind) {
    for (const auto& each : kind_words) {
        if (each.kind == kind) return each.word;
    }
    return "";
}

Result<ConditionKind> read_kind(const Json& value) {
    TRY(const auto word, plan::read_text(value, "kind"));
    for (const auto& each : kind_words) {
        if (each.word == word) return each.kind;
    }
    return plan::wrong_type("kind", "a kind of condition", value);
}

/// An enumeration whose values are the places of its words.
template <typename Enum, std::size_t n>
Result<Enum> read_word(const Json& value,
                       std::string_view path,
                       const std::array<const char*, n>& words) {
    TRY(const auto word, plan::read_text(value, path));
    for (std::size_t i = 0; i < n; ++i) {
        if (word == words[i]) return static_cast<Enum>(i);
    }
    return plan::wrong_type(path, "one of its words", value);
}
Result<plan::GeneratorFigure> read_figure(const Json& value, std::string_view path) {
    return read_word<plan::GeneratorFigure>(value, path, figure_words);
}
Result<plan::UndecidedPolicy> read_policy(const Json& value, std::string_view path) {
    return read_word<plan::UndecidedPolicy>(value, path, policy_words);
}
Result<plan::SlowerPolicy> read_slower(const Json& value, std::string_view path) {
    return read_word<plan::SlowerPolicy>(value, path, slower_words);
}
Result<BaselineFigure> read_baseline_figure(const Json& value, std::string_view path) {
    return read_word<BaselineFigure>(value, path, baseline_words);
}

Result<double> read_finite(const Json& value, std::string_view path) {
    if (value.is_number()) return value.get<double>();
    return plan::wrong_type(path, "a number", value);
}

Result<double> read_share(const Json& value, std::string_view path) {
    const double share = value.is_number() ? value.get<double>() : -1;
    if (share >= 0 && share <= 1) return share;
    return plan::wrong_type(path, "a number from 0 to 1", value);
}

/// Strictly between 0 and 1.
Result<double> read_inside(const Json& value, std::string_view path) {
    TRY(const auto share, read_share(value, path));
    if (share > 0 && share < 1) return share;
    return plan::wrong_type(path, "between 0 and 1", value);
}

Result<base::Nanos> read_nanos(const Json& value, std::string_view path) {
    TRY(const auto whole, plan::read_whole(value, path));
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (whole > most / 2) return plan::wrong_type(path, "a span of nanoseconds", value);
    return base::Nanos(static_cast<std::int64_t>(whole));
}

/// TRY for a member: an absent one keeps the default.
#define WEIR_READ(json, key, reader, into)                            \
    if (const auto found = (json).find(key); found != (json).end()) { \
        TRY(into, reader(*found, key));                               \
    }

Json json_of(const plan::Condition& condition) {
    return {{"kind", word_of(condition.kind)},
            {"request", condition.selection.request},
            {"journey", condition.selection.journey},
            {"group", condition.selection.group},
            {"tags", condition.selection.tags},
            {"share", condition.share},
            {"limit_ns", condition.limit.count()},
            {"min_samples", condition.min_samples},
            {"errors_count", condition.errors_count},
            {"least", condition.least},
            {"status", condition.status},
            {"figure", figure_words[static_cast<std::size_t>(condition.figure)]},
            {"as_quantile", condition.as_quantile},
            {"over_ns", condition.over.count()},
            {"each_step", condition.each_step}};
}

Result<plan::Condition> condition_of(const Json& json) {
    if (!json.is_object() || !json.contains("kind")) {
        return plan::wrong_type("a condition", "an object with kind", json);
    }
    plan::Condition condition;
    TRY(condition.kind, read_kind(json.at("kind")));
    WEIR_READ(json, "request", plan::read_text, condition.selection.request);
    WEIR_READ(json, "journey", plan::read_text, condition.selection.journey);
    WEIR_READ(json, "group", plan::read_text, condition.selection.group);
    WEIR_READ(json, "tags", plan::read_text_map, condition.selection.tags);
    WEIR_READ(json, "share", read_share, condition.share);
    WEIR_READ(json, "limit_ns", read_nanos, condition.limit);
    WEIR_READ(json, "min_samples", plan::read_whole, condition.min_samples);
    WEIR_READ(json, "errors_count", plan::read_bool, condition.errors_count);
    WEIR_READ(json, "least", read_finite, condition.least);
    WEIR_READ(json, "status", plan::read_text, condition.status);
    WEIR_READ(json, "figure", read_figure, condition.figure);
    WEIR_READ(json, "as_quantile", plan::read_bool, condition.as_quantile);
    WEIR_READ(json, "over_ns", read_nanos, condition.over);
    WEIR_READ(json, "each_step", plan::read_bool, condition.each_step);
    return condition;
}

Result<plan::ThresholdSet> thresholds_of(const std::string& key, const Json& list) {
    TRY(auto set, plan::parse_threshold_key(key));
    TRY(const auto sources, plan::read_texts(list, key));
    for (const auto& source : sources) {
        TRY(auto threshold, plan::parse_threshold(source));
        set.thresholds.push_back(std::move(threshold));
    }
    return set;
}

Json json_of(const plan::TrustLimits& trust) {
    return {{"achieved_share", trust.achieved_share},
            {"late_share", trust.late_share},
            {"threw_share", trust.threw_share},
            {"cpu_share", trust.cpu_share},
            {"steal_share", trust.steal_share},
            {"loop_stall_ns", trust.loop_stall.count()},
            {"foreign_cpu_share", trust.foreign_cpu_share},
            {"settled_share", trust.settled_share}};
}

Result<plan::TrustLimits> trust_of(const Json& json, std::string_view path) {
    if (!json.is_object()) return plan::wrong_type(path, "an object", json);
    plan::TrustLimits trust;
    WEIR_READ(json, "achieved_share", read_share, trust.achieved_share);
    WEIR_READ(json, "late_share", read_share, trust.late_share);
    WEIR_READ(json, "threw_share", read_share, trust.threw_share);
    WEIR_READ(json, "cpu_share", read_share, trust.cpu_share);
    WEIR_READ(json, "steal_share", read_share, trust.steal_share);
    WEIR_READ(json, "loop_stall_ns", read_nanos, trust.loop_stall);
    WEIR_READ(json, "foreign_cpu_share", read_share, trust.foreign_cpu_share);
    WEIR_READ(json, "settled_share", read_finite, trust.settled_share);
    return trust;
}

Json json_of(const plan::Decisions& decisions) {
    return {{"error_level", decisions.error_level},
            {"undecided", policy_words[static_cast<std::size_t>(decisions.undecided)]}};
}

Result<plan::Decisions> decisions_of(const Json& json, std::string_view path) {
    if (!json.is_object()) return plan::wrong_type(path, "an object", json);
    plan::Decisions decisions;
    WEIR_READ(json, "error_level", read_inside, decisions.error_level);
    WEIR_READ(json, "undecided", read_policy, decisions.undecided);
    return decisions;
}

Json json_of(const plan::FactPin& fact) {
    Json json{{"name", fact.name}};
    if (fact.has_least) json["at_least"] = fact.at_least;
    if (fact.has_most) json["at_most"] = fact.at_most;
    return json;
}

Result<std::vector<plan::FactPin>> facts_of(const Json& list, std::string_view path) {
    if (!list.is_array()) return plan::wrong_type(path, "a list", list);
    std::vector<plan::FactPin> facts;
    for (const auto& each : list) {
        if (!each.is_object()) return plan::wrong_type(path, "a list of objects", each);
        plan::FactPin fact;
        WEIR_READ(each, "name", plan::read_text, fact.name);
        WEIR_READ(each, "at_least", read_finite, fact.at_least);
        WEIR_READ(each, "at_most", read_finite, fact.at_most);
        fact.has_least = each.contains("at_least");
        fact.has_most = each.contains("at_most");
        facts.push_back(std::move(fact));
    }
    return facts;
}

Result<std::vector<plan::Step>> steps_of(const Json& list, std::string_view path) {
    if (!list.is_array()) return plan::wrong_type(path, "a list", list);
    std::vector<plan::Step> steps;
    for (const auto& each : list) {
        if (!each.is_object()) return plan::wrong_type(path, "a list of objects", each);
        plan::Step step;
        WEIR_READ(each, "rate", read_finite, step.rate);
        WEIR_READ(each, "duration_ns", read_nanos, step.duration);
        steps.push_back(step);
    }
    return steps;
}

Json json_of(const Baseline& baseline) {
    Json json{{"on_slower", slower_words[static_cast<std::size_t>(baseline.on_slower)]},
              {"runs", baseline.runs},
              {"limits", Json::array()}};
    for (const auto& each : baseline.limits) {
        json["limits"].push_back({{"journey", each.journey},
                                  {"request", each.request},
                                  {"figure", baseline_words[static_cast<std::size_t>(each.figure)]},
                                  {"runs", each.runs},
                                  {"changed_ago", each.changed_ago},
                                  {"usual_ms", each.usual_ms},
                                  {"expected_low_ms", each.expected.low},
                                  {"expected_high_ms", each.expected.high},
                                  {"limit_ms", each.limit_ms}});
    }
    return json;
}

Result<BaselineLimit> baseline_limit_of(const Json& json) {
    if (!json.is_object()) return plan::wrong_type("limits", "a list of objects", json);
    BaselineLimit limit;
    WEIR_READ(json, "journey", plan::read_text, limit.journey);
    WEIR_READ(json, "request", plan::read_text, limit.request);
    WEIR_READ(json, "figure", read_baseline_figure, limit.figure);
    WEIR_READ(json, "runs", plan::read_whole, limit.runs);
    WEIR_READ(json, "changed_ago", plan::read_whole, limit.changed_ago);
    WEIR_READ(json, "usual_ms", read_finite, limit.usual_ms);
    WEIR_READ(json, "expected_low_ms", read_finite, limit.expected.low);
    WEIR_READ(json, "expected_high_ms", read_finite, limit.expected.high);
    WEIR_READ(json, "limit_ms", read_finite, limit.limit_ms);
    return limit;
}

Result<Baseline> baseline_of(const Json& json, std::string_view path) {
    if (!json.is_object()) return plan::wrong_type(path, "an object", json);
    Baseline baseline;
    WEIR_READ(json, "on_slower", read_slower, baseline.on_slower);
    WEIR_READ(json, "runs", plan::read_whole, baseline.runs);
    if (!json.contains("limits")) return baseline;
    if (!json.at("limits").is_array()) return plan::wrong_type("limits", "a list", json);
    for (const auto& each : json.at("limits")) {
        TRY(auto limit, baseline_limit_of(each));
        baseline.limits.push_back(std::move(limit));
    }
    return baseline;
}

Result<std::vector<plan::Condition>> conditions_of(const Json& list, std::string_view path) {
    if (!list.is_array()) return plan::wrong_type(path, "a list", list);
    std::vector<plan::Condition> conditions;
    for (const auto& each : list) {
        TRY(auto condition, condition_of(each));
        conditions.push_back(std::move(condition));
    }
    return conditions;
}

Result<std::vector<plan::ThresholdSet>> sets_of(const Json& json, std::string_view path) {
    if (!json.is_object()) return plan::wrong_type(path, "an object", json);
    std::vector<plan::ThresholdSet> sets;
    for (const auto& [key, list] : json.items()) {
        TRY(auto set, thresholds_of(key, list));
        sets.push_back(std::move(set));
    }
    return sets;
}

Result<Criteria> criteria_of(const Json& json) {
    Criteria criteria;
    WEIR_READ(json, "conditions", conditions_of, criteria.conditions);
    WEIR_READ(json, "thresholds", sets_of, criteria.thresholds);
    WEIR_READ(json, "trust", trust_of, criteria.trust);
    WEIR_READ(json, "strict_compat", plan::read_bool, criteria.strict_compat);
    WEIR_READ(json, "confidence", read_inside, criteria.confidence);
    WEIR_READ(json, "decision", decisions_of, criteria.decisions);
    WEIR_READ(json, "facts", facts_of, criteria.facts);
    WEIR_READ(json, "steps", steps_of, criteria.steps);
    WEIR_READ(json, "baseline", baseline_of, criteria.baseline);
    return criteria;
}
#undef WEIR_READ

}  // namespace

std::string encode(const Criteria& criteria) {
    Json json{{"format", "weir-criteria"}, {"version", format_version}};
    json["conditions"] = Json::array();
    for (const auto& each : criteria.conditions) json["conditions"].push_back(json_of(each));
    json["thresholds"] = Json::object();
    for (const auto& set : criteria.thresholds) {
        Json list = Json::array();
        for (const auto& each : set.thresholds) list.push_back(each.source);
        json["thresholds"][set.key] = std::move(list);
    }
    json["trust"] = json_of(criteria.trust);
    json["strict_compat"] = criteria.strict_compat;
    json["confidence"] = criteria.confidence;
    json["decision"] = json_of(criteria.decisions);
    json["facts"] = Json::array();
    for (const auto& each : criteria.facts) json["facts"].push_back(json_of(each));
    json["steps"] = Json::array();
    for (const auto& each : criteria.steps) {
        json["steps"].push_back({{"rate", each.rate}, {"duration_ns", each.duration.count()}});
    }
    json["baseline"] = json_of(criteria.baseline);
    return base::write_json(json, 2) + "\n";
}

Result<Criteria> decode_criteria(std::string_view text) {
    TRY(const auto json, base::parse_json(text));
    if (!json.is_object() || base::text_or(json, "format", "") != "weir-criteria" ||
        base::number_or(json, "version", 0) != format_version) {
        return base::Error{base::Code::invalid,
                           "these are no criteria that this version understands"};
    }
    auto criteria = criteria_of(json);
    if (!criteria.ok()) return base::within("criteria", criteria.error());
    return criteria;
}

}  // namespace weir::judge

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
constexpr std::array kind_words{
    KindWord{ConditionKind::share_under, "share_under"}, KindWord{ConditionKind::errors, "errors"},
    KindWord{ConditionKind::checks, "checks"}, KindWord{ConditionKind::rate, "rate"}};

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
    return plan::wrong_type("kind", "share_under, errors, checks or rate", value);
}

Result<double> read_share(const Json& value, std::string_view path) {
    const double share = value.is_number() ? value.get<double>() : -1;
    if (share >= 0 && share <= 1) return share;
    return plan::wrong_type(path, "a number from 0 to 1", value);
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
    return {{"kind", word_of(condition.kind)},        {"request", condition.selection.request},
            {"journey", condition.selection.journey}, {"group", condition.selection.group},
            {"tags", condition.selection.tags},       {"share", condition.share},
            {"limit_ns", condition.limit.count()},    {"min_samples", condition.min_samples},
            {"errors_count", condition.errors_count}};
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
    return {{"achieved_share", trust.achieved_share}, {"late_share", trust.late_share},
            {"threw_share", trust.threw_share},       {"cpu_share", trust.cpu_share},
            {"steal_share", trust.steal_share},       {"loop_stall_ns", trust.loop_stall.count()}};
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
    return trust;
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

Result<double> read_confidence(const Json& value, std::string_view path) {
    TRY(const auto share, read_share(value, path));
    if (share > 0 && share < 1) return share;
    return plan::wrong_type(path, "between 0 and 1", value);
}

Result<Criteria> criteria_of(const Json& json) {
    Criteria criteria;
    WEIR_READ(json, "conditions", conditions_of, criteria.conditions);
    WEIR_READ(json, "thresholds", sets_of, criteria.thresholds);
    WEIR_READ(json, "trust", trust_of, criteria.trust);
    WEIR_READ(json, "strict_compat", plan::read_bool, criteria.strict_compat);
    WEIR_READ(json, "confidence", read_confidence, criteria.confidence);
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

#include "judge/criteria.h"

#include "base/json.h"

namespace weir::judge {
namespace {

using base::Json;

Json json_of(const plan::Condition& condition) {
    return {{"kind", static_cast<int>(condition.kind)}, {"request", condition.selection.request},
            {"journey", condition.selection.journey},   {"group", condition.selection.group},
            {"tags", condition.selection.tags},         {"share", condition.share},
            {"limit_ns", condition.limit.count()},      {"min_samples", condition.min_samples},
            {"errors_count", condition.errors_count}};
}

plan::Condition condition_of(const Json& json) {
    plan::Condition condition;
    condition.kind =
        static_cast<plan::ConditionKind>(static_cast<int>(base::number_or(json, "kind", 0)));
    condition.selection.request = base::text_or(json, "request", "");
    condition.selection.journey = base::text_or(json, "journey", "");
    condition.selection.group = base::text_or(json, "group", "");
    if (const auto tags = json.find("tags"); tags != json.end() && tags->is_object()) {
        for (const auto& [key, value] : tags->items()) {
            if (value.is_string()) condition.selection.tags[key] = value.get<std::string>();
        }
    }
    condition.share = base::number_or(json, "share", 0);
    condition.limit = base::Nanos(static_cast<std::int64_t>(base::number_or(json, "limit_ns", 0)));
    condition.min_samples = static_cast<std::uint64_t>(base::number_or(json, "min_samples", 100));
    condition.errors_count = base::bool_or(json, "errors_count", true);
    return condition;
}

base::Result<plan::ThresholdSet> thresholds_of(const std::string& key, const Json& list) {
    TRY(auto set, plan::parse_threshold_key(key));
    for (const auto& each : list) {
        if (!each.is_string()) continue;
        TRY(auto threshold, plan::parse_threshold(each.get<std::string>()));
        set.thresholds.push_back(std::move(threshold));
    }
    return set;
}

}  // namespace

std::string encode(const Criteria& criteria) {
    Json json{{"format", "weir-criteria"}, {"version", 1}};
    json["conditions"] = Json::array();
    for (const auto& each : criteria.conditions) json["conditions"].push_back(json_of(each));
    json["thresholds"] = Json::object();
    for (const auto& set : criteria.thresholds) {
        Json list = Json::array();
        for (const auto& each : set.thresholds) list.push_back(each.source);
        json["thresholds"][set.key] = std::move(list);
    }
    json["trust"] = {{"achieved_share", criteria.trust.achieved_share},
                     {"late_share", criteria.trust.late_share},
                     {"steal_share", criteria.trust.steal_share},
                     {"loop_stall_ns", criteria.trust.loop_stall.count()}};
    json["strict_compat"] = criteria.strict_compat;
    json["confidence"] = criteria.confidence;
    return base::write_json(json, 2) + "\n";
}

base::Result<Criteria> decode_criteria(std::string_view text) {
    TRY(const auto json, base::parse_json(text));
    if (base::text_or(json, "format", "") != "weir-criteria" ||
        base::number_or(json, "version", 0) != 1) {
        return base::Error{base::Code::invalid,
                           "these are no criteria that this version understands"};
    }
    Criteria criteria;
    if (const auto list = json.find("conditions"); list != json.end()) {
        for (const auto& each : *list) criteria.conditions.push_back(condition_of(each));
    }
    if (const auto sets = json.find("thresholds"); sets != json.end()) {
        for (const auto& [key, list] : sets->items()) {
            TRY(auto set, thresholds_of(key, list));
            criteria.thresholds.push_back(std::move(set));
        }
    }
    if (const auto trust = json.find("trust"); trust != json.end()) {
        criteria.trust.achieved_share = base::number_or(*trust, "achieved_share", 0.95);
        criteria.trust.late_share = base::number_or(*trust, "late_share", 0.05);
        criteria.trust.steal_share = base::number_or(*trust, "steal_share", 0.1);
        criteria.trust.loop_stall =
            base::Nanos(static_cast<std::int64_t>(base::number_or(*trust, "loop_stall_ns", 25e7)));
    }
    criteria.strict_compat = base::bool_or(json, "strict_compat", false);
    criteria.confidence = base::number_or(json, "confidence", 0.99);
    return criteria;
}

}  // namespace weir::judge

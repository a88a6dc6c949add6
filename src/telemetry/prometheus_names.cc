#include "telemetry/prometheus_names.h"

#include <algorithm>
#include <charconv>

namespace weir::telemetry {
namespace {

using record::MetricContains;
using record::MetricType;

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string label_name(std::string_view tag) {
    std::string name;
    if (tag.empty() || (tag.front() >= '0' && tag.front() <= '9')) name = "_";
    for (const char c : tag) name += is_letter(c) || (c >= '0' && c <= '9') ? c : '_';
    if (name.starts_with("__")) name.insert(0, "tag");
    return name;
}

std::string_view unit_suffix(MetricContains contains) noexcept {
    switch (contains) {
        case MetricContains::time:
            return "_seconds";
        case MetricContains::data:
            return "_bytes";
        case MetricContains::plain:
            break;
    }
    return "";
}

}  // namespace

std::string prometheus_name(const record::MetricSpec& spec) {
    const std::string name = "k6_" + spec.name;
    switch (spec.type) {
        case MetricType::counter:
            return name + "_total";
        case MetricType::rate:
            return name + "_rate";
        case MetricType::gauge:
        case MetricType::trend:
            break;
    }
    return name + std::string(unit_suffix(spec.contains));
}

std::string prometheus_name(const record::MetricSpec& spec, std::string_view stat) {
    std::string suffix;
    for (const char c : stat) {
        if (c == '(' || c == ')') continue;
        suffix += c == '.' ? '_' : c;
    }
    return "k6_" + spec.name + "_" + suffix;
}

Labels prometheus_labels(std::string name, const record::Tags& tags) {
    Labels labels;
    labels.reserve(tags.pairs().size() + 1);
    labels.emplace_back("__name__", std::move(name));
    for (const auto& [key, value] : tags.pairs()) {
        if (!value.empty()) labels.emplace_back(label_name(key), value);
    }
    const auto by_name = [](const auto& a, const auto& b) { return a.first < b.first; };
    const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
    std::stable_sort(labels.begin(), labels.end(), by_name);
    labels.erase(std::unique(labels.begin(), labels.end(), same_name), labels.end());
    return labels;
}

double in_base_unit(const record::MetricSpec& spec, double value) noexcept {
    return spec.contains == MetricContains::time ? value / 1000 : value;
}

double statistic(const stats::Distribution& values, std::string_view stat) {
    if (stat == "count") return static_cast<double>(values.count());
    if (stat == "sum") return values.sum();
    if (stat == "min") return values.min();
    if (stat == "max") return values.max();
    if (stat == "avg") return values.mean();
    if (stat == "med") return values.quantile(0.5);
    double percent = 0;
    if (stat.size() > 3) {
        std::from_chars(stat.data() + 2, stat.data() + stat.size() - 1, percent);
    }
    return values.quantile(std::clamp(percent / 100, 0.0, 1.0));
}

}  // namespace weir::telemetry

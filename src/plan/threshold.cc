#include "plan/threshold.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "base/format.h"

namespace weir::plan {
namespace {

constexpr std::string_view space = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::optional<double> number_of(std::string_view text) {
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return {};
    return value;
}

base::Error malformed(std::string_view expression, std::string_view why) {
    return {base::Code::invalid,
            base::format("threshold '{}' {}; write aggregation, operator, number, such as "
                         "'p(95)<200', 'rate>=0.99' or 'count==0'",
                         expression, why)};
}

struct Named {
    std::string_view word;
    Aggregation aggregation;
};
constexpr std::array<Named, 7> aggregations{{{"count", Aggregation::count},
                                             {"rate", Aggregation::rate},
                                             {"value", Aggregation::value},
                                             {"avg", Aggregation::avg},
                                             {"min", Aggregation::min},
                                             {"max", Aggregation::max},
                                             {"med", Aggregation::med}}};

bool read_aggregation(std::string_view word, Threshold& into) {
    for (const auto& each : aggregations) {
        if (word != each.word) continue;
        into.aggregation = each.aggregation;
        return true;
    }
    if (!word.starts_with("p(") || !word.ends_with(")")) return false;
    const auto percentile = number_of(trimmed(word.substr(2, word.size() - 3)));
    if (!percentile || *percentile < 0 || *percentile > 100) return false;
    into.aggregation = Aggregation::percentile;
    into.percentile = *percentile;
    return true;
}

struct Operator {
    std::string_view text;
    Comparison comparison;
};
constexpr std::array<Operator, 7> operators{{{"===", Comparison::equal},
                                             {"==", Comparison::equal},
                                             {"!=", Comparison::not_equal},
                                             {">=", Comparison::greater_equal},
                                             {"<=", Comparison::less_equal},
                                             {">", Comparison::greater},
                                             {"<", Comparison::less}}};

std::string_view unquoted(std::string_view text) {
    text = trimmed(text);
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
        text.back() == text.front()) {
        return text.substr(1, text.size() - 2);
    }
    return text;
}

}  // namespace

base::Result<Threshold> parse_threshold(std::string_view expression) {
    Threshold parsed;
    parsed.source = std::string(expression);
    const auto at = expression.find_first_of("<>=!");
    if (at == std::string_view::npos) return malformed(expression, "has no operator");
    if (!read_aggregation(trimmed(expression.substr(0, at)), parsed)) {
        return malformed(expression,
                         "does not begin with count, rate, value, avg, min, max, med or "
                         "p(0..100)");
    }
    for (const auto& each : operators) {
        if (!expression.substr(at).starts_with(each.text)) continue;
        parsed.comparison = each.comparison;
        const auto limit = number_of(trimmed(expression.substr(at + each.text.size())));
        if (!limit) return malformed(expression, "does not end with a number");
        parsed.limit = *limit;
        return parsed;
    }
    return malformed(expression, "has no operator out of < <= > >= == === !=");
}

base::Result<ThresholdSet> parse_threshold_key(std::string_view key) {
    ThresholdSet parsed;
    parsed.key = std::string(key);
    const auto brace = key.find('{');
    parsed.metric = std::string(trimmed(key.substr(0, brace)));
    if (parsed.metric.empty()) {
        return base::Error{base::Code::invalid,
                           base::format("threshold '{}' names no metric", key)};
    }
    if (brace == std::string_view::npos) return parsed;
    if (!key.ends_with("}")) {
        return base::Error{base::Code::invalid,
                           base::format("threshold '{}' opens a {{ that it does not close", key)};
    }
    std::string_view pairs = key.substr(brace + 1, key.size() - brace - 2);
    while (!trimmed(pairs).empty()) {
        const auto comma = pairs.find(',');
        const auto pair = pairs.substr(0, comma);
        const auto colon = pair.find(':');
        if (colon == std::string_view::npos) {
            return base::Error{base::Code::invalid,
                               base::format("threshold '{}': '{}' is not tag:value", key, pair)};
        }
        parsed.selector.emplace(unquoted(pair.substr(0, colon)), unquoted(pair.substr(colon + 1)));
        if (comma == std::string_view::npos) break;
        pairs.remove_prefix(comma + 1);
    }
    return parsed;
}

bool holds(const Threshold& threshold, double value) noexcept {
    switch (threshold.comparison) {
        case Comparison::greater:
            return value > threshold.limit;
        case Comparison::greater_equal:
            return value >= threshold.limit;
        case Comparison::less:
            return value < threshold.limit;
        case Comparison::less_equal:
            return value <= threshold.limit;
        case Comparison::equal:
            return value == threshold.limit;
        case Comparison::not_equal:
            return value != threshold.limit;
    }
    return false;
}

}  // namespace weir::plan

#include "judge/words.h"

#include <cmath>
#include <set>
#include <variant>

#include "base/format.h"
#include "base/units.h"
#include "judge/conditions.h"

namespace weir::judge {
namespace {

using plan::Condition;
using plan::ConditionKind;
using record::Finding;
using record::RunRecord;

/// The condition read backwards: within which time the share that is asked for did answer.
std::string quantile_words(const RunRecord& record, const Condition& condition) {
    auto times = stats::Distribution::time();
    for (const auto* series : series_of(record, "weir_response_time")) {
        // A refused connection is quick, and no answer.
        if (failed(series->tags) || !selects(condition.selection, series->tags)) continue;
        times.merge(std::get<stats::Distribution>(series->total));
    }
    if (times.empty()) return {};
    const auto nanos = base::from_ms(times.quantile(condition.share));
    const base::Nanos round = nanos < std::chrono::seconds(1) ? std::chrono::microseconds(10)
                                                              : std::chrono::milliseconds(1);
    return base::format("; {} of the answers came within {}", percent_text(condition.share),
                        base::write_duration(nanos / round * round));
}

std::string share_words(const RunRecord& record, const Condition& condition, const Counted& all) {
    std::string words = base::format(
        "{} of {} answered under {}, {} is asked", percent_text(share(all.within, all.requests)),
        all.requests, base::write_duration(condition.limit), percent_text(condition.share));
    words += quantile_words(record, condition);
    if (all.failed > 0 && condition.errors_count) words += base::format("; {} failed", all.failed);
    if (all.unfinished > 0) {
        words += base::format("; {} were unfinished at the end", all.unfinished);
    }
    return words;
}

/// The check with most failures.
std::string worst_check(const RunRecord& record, const plan::Selection& selection) {
    std::string worst;
    std::uint64_t most = 0;
    for (const auto* series : series_of(record, "checks")) {
        const auto fails = std::get<record::RateTotal>(series->total).fails;
        const auto* check = series->tags.find("check");
        if (fails <= most || check == nullptr || !selects(selection, series->tags)) continue;
        most = fails;
        worst = base::format("; '{}' failed {} times", *check, fails);
    }
    return worst;
}

}  // namespace

std::string words_of(const RunRecord& record,
                     const Condition& condition,
                     const Finding& finding,
                     const Counted& all) {
    const auto value = percent_text(finding.value);
    const auto limit = percent_text(condition.share);
    switch (condition.kind) {
        case ConditionKind::share_under:
            return share_words(record, condition, all);
        case ConditionKind::errors:
            return base::format("{} of {} failed, at most {} may", value, finding.samples, limit);
        case ConditionKind::checks:
            return base::format("{} of {} checks passed, {} is asked", value, finding.samples,
                                limit);
        case ConditionKind::rate:
            return base::format("{} of {} planned journeys were begun, {} is asked", value,
                                finding.samples, limit);
        case ConditionKind::mean_under:
            return base::format(
                "{} on average over {} answers, at most {} is asked",
                base::write_duration(base::from_ms(std::round(finding.value * 100) / 100)),
                finding.samples, base::write_duration(condition.limit));
        case ConditionKind::flow:
            return base::format(
                "{:.2f} requests per second were answered as expected, {:g} are asked",
                finding.value, condition.least);
        case ConditionKind::status:
            return base::format("{} of {} answers had status {}, at most {} may", value,
                                finding.samples, condition.status, limit);
        case ConditionKind::generator:
            break;
    }
    return {};
}

void name_the_worst(Finding& finding, const RunRecord& record, const Condition& condition) {
    if (condition.kind == ConditionKind::checks) {
        finding.words += worst_check(record, condition.selection);
        return;
    }
    const bool counted =
        condition.kind == ConditionKind::share_under || condition.kind == ConditionKind::errors;
    if (!counted || !condition.selection.request.empty()) return;
    const bool errors = condition.kind == ConditionKind::errors;
    std::uint64_t most = 0;
    for (const auto& part : count_parts(record, condition.selection, rule_of(condition))) {
        const auto bad =
            errors ? part.counted.failed + part.counted.unfinished : part.counted.over();
        if (bad <= most) continue;
        most = bad;
        finding.journey = part.journey;
        finding.request = part.request;
    }
    if (most == 0) return;
    finding.words += base::format("; {} of them were `{}`", most, finding.request);
    if (!finding.journey.empty()) finding.words += " in journey `" + finding.journey + "`";
}

std::string names_seen(const RunRecord& record, const Condition& condition) {
    std::set<std::string> names;
    for (const auto* series : series_of(record, "weir_response_time")) {
        if (const auto* name = series->tags.find("name")) names.insert(*name);
    }
    const std::string& wanted = condition.selection.request;
    if (wanted.empty() || names.contains(wanted)) return {};
    if (names.empty()) return "; no request was finished at all";
    std::string list;
    std::size_t listed = 0;
    for (const auto& name : names) {
        if (++listed > 5) return "; none has that name, there were: " + list + ", …";
        list += (list.empty() ? "`" : ", `") + name + "`";
    }
    return "; none has that name, there were: " + list;
}

}  // namespace weir::judge

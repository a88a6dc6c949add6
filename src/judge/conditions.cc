#include "judge/conditions.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <variant>
#include <vector>

#include "base/format.h"
#include "base/units.h"
#include "judge/counting.h"

namespace weir::judge {
namespace {

using plan::Condition;
using plan::ConditionKind;
using record::Finding;
using record::FindingState;
using record::RunRecord;

CountRule rule_of(const Condition& condition) {
    if (condition.kind != ConditionKind::share_under) return {};
    return {.limit = condition.limit, .errors_count = condition.errors_count};
}

/// A share is asked to be at least, errors are asked to be at most.
bool holds(const Condition& condition, double value) {
    if (condition.kind == ConditionKind::errors) return value <= condition.share;
    return value >= condition.share;
}

/// How many times the variance of one window's share exceeds that of independent answers; at least
/// 1. Source: McCullagh & Nelder, "Generalized Linear Models", 2nd ed. 1989, section 4.5 (Pearson's
/// estimate of the dispersion of grouped binomial data).
double dispersion(const RunRecord& record, const Condition& condition, double value) {
    plan::Selection by_name;
    by_name.request = condition.selection.request;
    const bool told_apart =
        condition.kind == ConditionKind::share_under || condition.kind == ConditionKind::errors;
    if (!told_apart || by_name.request.empty() || condition.selection != by_name) return 1;
    if (!(value > 0 && value < 1)) return 1;
    const auto& names = record.windows.names();
    const auto place = std::find(names.begin(), names.end(), by_name.request);
    const auto index = static_cast<std::size_t>(place - names.begin());
    double sum = 0;
    double groups = 0;
    for (const auto& window : record.windows.all()) {
        if (index >= window.names.size()) continue;
        const auto& one = window.names[index];
        if (one.requests == 0) continue;
        const auto trials = static_cast<double>(one.requests);
        const auto hits =
            static_cast<double>(condition.kind == ConditionKind::errors
                                    ? one.failed
                                    : one.response_time.count_at_most(condition.limit.count()));
        sum += (hits - trials * value) * (hits - trials * value) / (trials * value * (1 - value));
        groups += 1;
    }
    return groups < 2 ? 1 : std::max(1.0, sum / (groups - 1));
}

struct Trials {
    std::uint64_t hits = 0;
    std::uint64_t samples = 0;
};

double value_of(const Trials& trials) {
    return share(trials.hits, trials.samples);
}

stats::Interval interval_of(const Trials& trials, double dispersion, double confidence) {
    const auto scaled = [dispersion](std::uint64_t count) {
        return static_cast<std::uint64_t>(std::llround(static_cast<double>(count) / dispersion));
    };
    const auto samples = scaled(trials.samples);
    return stats::wilson(std::min(scaled(trials.hits), samples), samples, confidence);
}

/// The request that contributed most of the misses, for a condition that names none.
void name_the_worst(Finding& finding, const RunRecord& record, const Condition& condition) {
    if (!condition.selection.request.empty()) return;
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

/// What there was instead, for a selection that found too little.
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
    }
    return {};
}

Trials checks_of(const RunRecord& record, const plan::Selection& selection) {
    record::RateTotal total;
    for (const auto* series : series_of(record, "checks")) {
        if (!selects(selection, series->tags)) continue;
        total.merge(std::get<record::RateTotal>(series->total));
    }
    return {total.passes, total.samples()};
}

/// The check with most failures, for the words.
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

Trials journeys_begun(const RunRecord& record, const std::string& journey) {
    Trials trials;
    for (const auto& scenario : record.scenarios) {
        if (!scenario.open_model || (!journey.empty() && scenario.name != journey)) continue;
        trials.samples += scenario.offered;
        trials.hits += std::min(scenario.started, scenario.offered);
    }
    return trials;
}

Trials trials_of(const RunRecord& record, const Condition& condition, const Counted& all) {
    switch (condition.kind) {
        case ConditionKind::share_under:
            return {all.within, all.requests};
        case ConditionKind::errors:
            return {all.failed + all.unfinished, all.requests};
        case ConditionKind::checks:
            return checks_of(record, condition.selection);
        case ConditionKind::rate:
            return journeys_begun(record, condition.selection.journey);
    }
    return {};
}

/// Too few samples never make a pass. They may make a miss: one that chance cannot explain, as when
/// a service was too overloaded to answer more. Below this nothing is clear.
constexpr std::uint64_t few_samples = 20;

bool clearly_missed(const Condition& condition,
                    const Trials& trials,
                    const stats::Interval& interval) {
    return trials.samples >= few_samples && !holds(condition, value_of(trials)) &&
           !interval.contains(condition.share);
}

bool are_enough(const Condition& condition, const Trials& trials) {
    return trials.samples > 0 && trials.samples >= condition.min_samples;
}

}  // namespace

Finding judge_condition(const RunRecord& record, const Condition& condition, double confidence) {
    Finding finding;
    finding.condition = condition.text();
    finding.limit = condition.share;
    finding.journey = condition.selection.journey;
    finding.request = condition.selection.request;
    const Counted all = count(record, condition.selection, rule_of(condition));
    const Trials trials = trials_of(record, condition, all);
    finding.samples = trials.samples;
    finding.value = value_of(trials);
    finding.interval =
        interval_of(trials, dispersion(record, condition, finding.value), confidence);
    if (!are_enough(condition, trials) && !clearly_missed(condition, trials, finding.interval)) {
        finding.state = FindingState::undecided;
        finding.words = base::format("{} samples, {} are needed{}", finding.samples,
                                     condition.min_samples, names_seen(record, condition));
        return finding;
    }
    finding.state = holds(condition, finding.value) ? FindingState::held : FindingState::missed;
    finding.words = words_of(record, condition, finding, all);
    if (finding.state == FindingState::held) return finding;
    if (condition.kind == ConditionKind::checks) {
        finding.words += worst_check(record, condition.selection);
    } else if (condition.kind != ConditionKind::rate) {
        name_the_worst(finding, record, condition);
    }
    return finding;
}

bool misses_beyond_doubt(const RunRecord& record, const Condition& condition) {
    const bool timed = condition.kind == ConditionKind::share_under;
    if (!timed && condition.kind != ConditionKind::errors) return false;
    CountRule rule = rule_of(condition);
    rule.from_actual_send = true;
    if (timed) rule.limit += record.health.loop_stall_max;
    const Counted counted = count(record, condition.selection, rule);
    const Trials trials{timed ? counted.within : counted.failed, counted.requests};
    const double value = value_of(trials);
    if (are_enough(condition, trials)) return !holds(condition, value);
    constexpr double confidence = 0.99;
    const double spread = dispersion(record, condition, value);
    return clearly_missed(condition, trials, interval_of(trials, spread, confidence));
}

}  // namespace weir::judge

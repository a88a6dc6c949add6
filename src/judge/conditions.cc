#include "judge/conditions.h"

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

#include "base/format.h"
#include "base/units.h"
#include "judge/counting.h"
#include "judge/track.h"
#include "judge/words.h"

namespace weir::judge {
namespace {

using plan::Condition;
using plan::ConditionKind;
using record::Finding;
using record::FindingState;
using record::RunRecord;

/// At most so much, or at least.
bool holds(const Condition& condition, double value) {
    switch (condition.kind) {
        case ConditionKind::errors:
        case ConditionKind::status:
            return value <= condition.share;
        case ConditionKind::mean_under:
            return value <= base::to_ms(condition.limit);
        case ConditionKind::flow:
            return value >= condition.least;
        default:
            return value >= condition.share;
    }
}

double limit_of(const Condition& condition) {
    if (condition.kind == ConditionKind::mean_under) return base::to_ms(condition.limit);
    return condition.kind == ConditionKind::flow ? condition.least : condition.share;
}

record::FigureUnit unit_of(ConditionKind kind) {
    if (kind == ConditionKind::mean_under) return record::FigureUnit::milliseconds;
    return kind == ConditionKind::flow ? record::FigureUnit::per_second : record::FigureUnit::share;
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

Trials checks_of(const RunRecord& record, const plan::Selection& selection) {
    record::RateTotal total;
    for (const auto* series : series_of(record, "checks")) {
        if (!selects(selection, series->tags)) continue;
        total.merge(std::get<record::RateTotal>(series->total));
    }
    return {total.passes, total.samples()};
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

Trials with_status(const RunRecord& record, const Condition& condition) {
    Trials trials;
    for (const auto& block : track_of(record.windows, condition, {}).shares) {
        trials.samples += block.trials;
        trials.hits += block.trials - block.hits;
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
        case ConditionKind::status:
            return with_status(record, condition);
        default:
            return {};
    }
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

base::Nanos schedule_end(const RunRecord& record) {
    base::Nanos end{};
    for (const auto& scenario : record.scenarios) end = std::max(end, scenario.schedule_end);
    return end > base::Nanos{} ? std::min(end, record.duration) : record.duration;
}

/// The part of the run whose answers are all in: of a run that was cut short, the slow ones of the
/// last moments are not.
Stretch known_part(const RunRecord& record, const Condition& condition) {
    if (condition.kind == ConditionKind::flow) return {.begin = {}, .end = schedule_end(record)};
    if (record.ending.kind == record::EndKind::finished) return {};
    return {.begin = {}, .end = record.duration - condition.limit};
}

/// The decision, or what the policy makes of there being none.
void settle(Finding& finding,
            stats::Decision decision,
            bool figure_holds,
            const Criteria& criteria) {
    using plan::UndecidedPolicy;
    if (decision == (figure_holds ? stats::Decision::in_favour : stats::Decision::against)) {
        finding.decided = true;
        finding.state = figure_holds ? FindingState::held : FindingState::missed;
        return;
    }
    finding.weak = true;
    switch (criteria.decisions.undecided) {
        case UndecidedPolicy::estimate:
            finding.state = figure_holds ? FindingState::held : FindingState::missed;
            break;
        case UndecidedPolicy::pass:
            finding.state = FindingState::held;
            break;
        case UndecidedPolicy::fail:
            finding.state = FindingState::missed;
            break;
        case UndecidedPolicy::invalid:
            finding.state = FindingState::undecided;
            break;
    }
}

std::string weak_words(const Criteria& criteria) {
    const std::string_view policy = criteria.decisions.undecided == plan::UndecidedPolicy::estimate
                                        ? "the figure itself is taken"
                                        : "decision.undecided says what that means";
    return base::format("; not decided for sure at the gate's error level of {:g} %: {}",
                        criteria.decisions.error_level * 100, policy);
}

void too_few(Finding& finding, const RunRecord& record, const Condition& condition) {
    finding.state = FindingState::undecided;
    finding.words = base::format("{} samples, {} are needed{}", finding.samples,
                                 condition.min_samples, names_seen(record, condition));
}

/// Means and flows: all that is known of them is in the track.
Finding judge_figure(const RunRecord& record,
                     const Condition& condition,
                     const Criteria& criteria) {
    Finding finding = blank_finding(condition);
    const auto track = track_of(record.windows, condition, known_part(record, condition));
    const Ruling ruling = rule_on(track, condition, levels_of(criteria, 1), 0);
    finding.value = ruling.value;
    finding.interval = ruling.interval;
    finding.samples = condition.kind == ConditionKind::flow
                          ? count(record, condition.selection, {}).requests
                          : ruling.samples;
    if (!are_enough(condition, finding.samples)) {
        too_few(finding, record, condition);
        return finding;
    }
    settle(finding, ruling.decision, holds(condition, finding.value), criteria);
    finding.words = words_of(record, condition, finding, {});
    if (finding.weak) finding.words += weak_words(criteria);
    return finding;
}

Finding judge_share(const RunRecord& record, const Condition& condition, const Criteria& criteria) {
    Finding finding = blank_finding(condition);
    const Counted all = count(record, condition.selection, rule_of(condition));
    const Trials trials = trials_of(record, condition, all);
    Ruling ruling;
    if (is_inferred(condition.kind)) {
        const auto track = track_of(record.windows, condition, known_part(record, condition));
        ruling = rule_on(track, condition, levels_of(criteria, 1), 0);
    }
    finding.samples = trials.samples;
    finding.value = value_of(trials);
    finding.interval = interval_of(trials, ruling.dispersion, criteria.confidence);
    const bool enough = are_enough(condition, trials.samples);
    if (!enough && !clearly_missed(condition, trials, finding.interval)) {
        too_few(finding, record, condition);
        return finding;
    }
    const bool figure_holds = holds(condition, finding.value);
    if (!enough) {
        finding.state = FindingState::missed;
        finding.decided = true;
    } else if (is_inferred(condition.kind)) {
        settle(finding, ruling.decision, figure_holds, criteria);
    } else {
        finding.state = figure_holds ? FindingState::held : FindingState::missed;
        finding.decided = true;
    }
    finding.words = words_of(record, condition, finding, all);
    if (finding.weak) finding.words += weak_words(criteria);
    if (finding.state == FindingState::missed) name_the_worst(finding, record, condition);
    return finding;
}

std::vector<Stretch> stretches_of(const RunRecord& record,
                                  const Condition& condition,
                                  const Criteria& criteria) {
    std::vector<Stretch> stretches;
    if (condition.each_step) {
        base::Nanos begin{};
        for (const auto& step : criteria.steps) {
            stretches.push_back({begin, begin + step.duration});
            begin += step.duration;
        }
        return stretches;
    }
    const base::Nanos end = schedule_end(record);
    for (base::Nanos begin{}; begin + condition.over <= end; begin += condition.over) {
        stretches.push_back({begin, begin + condition.over});
    }
    if (stretches.empty()) stretches.push_back({{}, end});
    return stretches;
}

/// A condition that must hold in each of several stretches: it is as good as the worst of them.
Finding judge_stretches(const RunRecord& record,
                        const Condition& condition,
                        const Criteria& criteria) {
    Finding finding = blank_finding(condition);
    const auto stretches = stretches_of(record, condition, criteria);
    std::size_t in_favour = 0;
    bool against = false;
    bool first = true;
    Stretch worst;
    for (const auto& stretch : stretches) {
        const auto track = track_of(record.windows, condition, stretch);
        const Ruling ruling = rule_on(track, condition, levels_of(criteria, stretches.size()), 0);
        in_favour += ruling.decision == stats::Decision::in_favour ? 1 : 0;
        const bool decided_against = ruling.decision == stats::Decision::against;
        const bool better = !first && (condition.kind == ConditionKind::flow ||
                                               condition.kind == ConditionKind::share_under ||
                                               condition.kind == ConditionKind::checks
                                           ? ruling.value >= finding.value
                                           : ruling.value <= finding.value);
        if ((better || against) && !(decided_against && !against)) continue;
        first = false;
        against = against || decided_against;
        worst = stretch;
        finding.value = ruling.value;
        finding.samples = ruling.samples;
        finding.interval = ruling.interval;
    }
    const std::string where =
        base::format("; the worst of {} stretches, from {} to {}", stretches.size(),
                     base::write_duration(worst.begin), base::write_duration(worst.end));
    if (condition.kind != ConditionKind::flow && !are_enough(condition, finding.samples)) {
        too_few(finding, record, condition);
        finding.words += where;
        return finding;
    }
    auto decision = stats::Decision::undecided;
    if (against) decision = stats::Decision::against;
    if (in_favour == stretches.size()) decision = stats::Decision::in_favour;
    settle(finding, decision, holds(condition, finding.value), criteria);
    const Counted none{.requests = finding.samples,
                       .failed = 0,
                       .within = static_cast<std::uint64_t>(
                           std::llround(finding.value * static_cast<double>(finding.samples))),
                       .unfinished = 0};
    finding.words = words_of(record, condition, finding, none) + where;
    if (finding.weak) finding.words += weak_words(criteria);
    return finding;
}

/// What the generator asks of itself: a miss is nobody's but the generator's.
Finding judge_generator(const RunRecord& record, const Condition& condition) {
    using plan::GeneratorFigure;
    const auto& health = record.health;
    Finding finding = blank_finding(condition);
    const auto compare = [&](double value, double limit, std::string words) {
        finding.value = value;
        finding.limit = limit;
        finding.samples = 1;
        finding.state = value < limit ? FindingState::held : FindingState::missed;
        finding.decided = true;
        finding.about_generator = true;
        finding.words = std::move(words);
    };
    switch (condition.figure) {
        case GeneratorFigure::cpu: {
            const double threads = std::max(1U, std::min(health.workers, health.cores));
            const double spent = base::to_seconds(health.cpu_user + health.cpu_system);
            const double used = health.observed <= base::Nanos{}
                                    ? 0
                                    : spent / base::to_seconds(health.observed) / threads;
            compare(used, condition.share,
                    base::format("the generator used {:.0f} % of its cores", used * 100));
            break;
        }
        case GeneratorFigure::memory:
            finding.unit = record::FigureUnit::plain;
            compare(
                static_cast<double>(health.memory_most_bytes), condition.least,
                base::format("the generator held {} MiB at most", health.memory_most_bytes >> 20));
            break;
        case GeneratorFigure::stall:
            finding.unit = record::FigureUnit::milliseconds;
            compare(base::to_ms(health.loop_stall_max), base::to_ms(condition.limit),
                    "the generator's loop stood still for at most " +
                        base::write_duration(health.loop_stall_max));
            break;
        case GeneratorFigure::late: {
            std::uint64_t late = 0;
            std::uint64_t offered = 0;
            for (const auto& scenario : record.scenarios) {
                late += scenario.late;
                offered += scenario.offered;
            }
            compare(share(late, offered), condition.share,
                    base::format("{} of {} journeys began late", late, offered));
            break;
        }
    }
    return finding;
}

}  // namespace

Finding blank_finding(const Condition& condition) {
    Finding finding;
    finding.condition = condition.text();
    finding.limit = limit_of(condition);
    finding.unit = unit_of(condition.kind);
    finding.journey = condition.selection.journey;
    finding.request = condition.selection.request;
    return finding;
}

bool are_enough(const Condition& condition, std::uint64_t samples) {
    return samples > 0 && samples >= condition.min_samples;
}

stats::ErrorLevels levels_of(const Criteria& criteria, std::size_t parts) {
    const auto inferred = std::count_if(criteria.conditions.begin(), criteria.conditions.end(),
                                        [](const auto& each) { return is_inferred(each.kind); });
    const auto shares =
        static_cast<double>(std::max<std::ptrdiff_t>(inferred, 1)) * static_cast<double>(parts);
    return {.against = criteria.decisions.error_level / shares,
            .in_favour = 1 - criteria.confidence};
}

CountRule rule_of(const Condition& condition) {
    if (condition.kind != ConditionKind::share_under) return {};
    return {.limit = condition.limit, .errors_count = condition.errors_count};
}

Finding judge_condition(const RunRecord& record,
                        const Condition& condition,
                        const Criteria& criteria) {
    if (condition.kind == ConditionKind::generator) return judge_generator(record, condition);
    if (condition.each_step || condition.over > base::Nanos{}) {
        return judge_stretches(record, condition, criteria);
    }
    const bool figure =
        condition.kind == ConditionKind::mean_under || condition.kind == ConditionKind::flow;
    return figure ? judge_figure(record, condition, criteria)
                  : judge_share(record, condition, criteria);
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
    if (are_enough(condition, trials.samples)) return !holds(condition, value);
    constexpr double confidence = 0.99;
    const auto track = track_of(record.windows, condition, {});
    return clearly_missed(condition, trials,
                          interval_of(trials, stats::dispersion(track.shares), confidence));
}

bool holds_comfortably(const RunRecord& record, const Condition& condition) {
    if (condition.kind == ConditionKind::share_under) {
        CountRule rule = rule_of(condition);
        rule.limit /= 2;
        const Counted counted = count(record, condition.selection, rule);
        const double misses = 1 - share(counted.within, counted.requests);
        return counted.requests > 0 && misses <= (1 - condition.share) / 2;
    }
    if (condition.kind == ConditionKind::errors || condition.kind == ConditionKind::checks) {
        const Trials trials = trials_of(record, condition, count(record, condition.selection, {}));
        const auto bad =
            condition.kind == ConditionKind::errors ? trials.hits : trials.samples - trials.hits;
        return trials.samples > 0 && bad == 0;
    }
    if (condition.kind == ConditionKind::mean_under) {
        const Ruling ruling = rule_on(track_of(record.windows, condition, {}), condition, {}, 0);
        return ruling.samples > 0 && ruling.value * 2 <= base::to_ms(condition.limit);
    }
    return false;
}

}  // namespace weir::judge

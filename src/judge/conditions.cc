#include "judge/conditions.h"

#include <algorithm>
#include <variant>

#include "base/format.h"
#include "base/units.h"
#include "record/threshold_result.h"

namespace weir::judge {
namespace {

using record::Finding;
using record::FindingState;

bool selects(const plan::Selection& selection, const record::Tags& tags) {
    const auto is = [&tags](std::string_view key, const std::string& wanted) {
        if (wanted.empty()) return true;
        const auto* found = tags.find(key);
        return found != nullptr && *found == wanted;
    };
    const auto* step = tags.find("step");
    if (step != nullptr && *step == "sign_in") return false;
    if (!is("name", selection.request) || !is("scenario", selection.journey)) return false;
    if (!is("group", selection.group)) return false;
    for (const auto& [key, value] : selection.tags) {
        if (!is(key, value)) return false;
    }
    return true;
}

bool failed(const record::Tags& tags) {
    const auto* expected = tags.find("expected_response");
    return expected != nullptr && *expected == "false";
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(double value) {
    return base::format("{:.2f} %", value * 100);
}

Finding finding_for(const plan::Condition& condition) {
    Finding finding;
    finding.condition = condition.text();
    finding.limit = condition.share;
    finding.journey = condition.selection.journey;
    finding.request = condition.selection.request;
    return finding;
}

void decide(Finding& finding,
            std::uint64_t hits,
            const plan::Condition& condition,
            bool at_least,
            double confidence) {
    finding.value = share(hits, finding.samples);
    finding.interval = stats::wilson(hits, finding.samples, confidence);
    if (finding.samples < condition.min_samples) {
        finding.state = FindingState::undecided;
        finding.words = base::format("{} samples, {} are needed: was `{}` requested at all?",
                                     finding.samples, condition.min_samples, finding.request);
        return;
    }
    const bool holds =
        at_least ? finding.value >= condition.share : finding.value <= condition.share;
    finding.state = holds ? FindingState::held : FindingState::missed;
}

Finding judge_share(const record::RunRecord& record,
                    const plan::Condition& condition,
                    double confidence) {
    Finding finding = finding_for(condition);
    const Counted counted =
        count(record, condition.selection,
              {.limit = condition.limit, .errors_count = condition.errors_count});
    finding.samples = counted.requests;
    decide(finding, counted.within, condition, true, confidence);
    if (finding.state == FindingState::undecided) return finding;
    finding.words = base::format("{} of {} answered under {}, {} is asked", percent(finding.value),
                                 finding.samples, base::write_duration(condition.limit),
                                 percent(condition.share));
    if (counted.failed > 0) finding.words += base::format("; {} failed", counted.failed);
    if (counted.unfinished > 0) {
        finding.words += base::format("; {} were unfinished at the end", counted.unfinished);
    }
    return finding;
}

Finding judge_errors(const record::RunRecord& record,
                     const plan::Condition& condition,
                     double confidence) {
    Finding finding = finding_for(condition);
    const Counted counted = count(record, condition.selection, {});
    finding.samples = counted.requests;
    decide(finding, counted.failed + counted.unfinished, condition, false, confidence);
    if (finding.state == FindingState::undecided) return finding;
    finding.words = base::format("{} of {} failed, at most {} may", percent(finding.value),
                                 finding.samples, percent(condition.share));
    return finding;
}

Finding judge_checks(const record::RunRecord& record,
                     const plan::Condition& condition,
                     double confidence) {
    Finding finding = finding_for(condition);
    record::RateTotal total;
    for (const auto& series : record.series) {
        if (record.metrics[static_cast<std::size_t>(series.metric)].name != "checks") continue;
        if (selects(condition.selection, series.tags)) {
            total.merge(std::get<record::RateTotal>(series.total));
        }
    }
    finding.samples = total.samples();
    decide(finding, total.passes, condition, true, confidence);
    if (finding.state == FindingState::undecided) return finding;
    finding.words = base::format("{} of {} checks passed, {} is asked", percent(finding.value),
                                 finding.samples, percent(condition.share));
    return finding;
}

Finding judge_rate(const record::RunRecord& record,
                   const plan::Condition& condition,
                   double confidence) {
    Finding finding = finding_for(condition);
    std::uint64_t started = 0;
    for (const auto& scenario : record.scenarios) {
        const std::string& wanted = condition.selection.journey;
        if (!scenario.open_model || (!wanted.empty() && scenario.name != wanted)) continue;
        finding.samples += scenario.offered;
        started += std::min(scenario.started, scenario.offered);
    }
    decide(finding, started, condition, true, confidence);
    if (finding.state == FindingState::undecided) return finding;
    finding.words = base::format("{} of {} planned journeys were begun, {} is asked",
                                 percent(finding.value), finding.samples, percent(condition.share));
    return finding;
}

}  // namespace

Counted count(const record::RunRecord& record,
              const plan::Selection& selection,
              const CountRule& rule) {
    Counted counted;
    const double limit_ms = base::to_ms(rule.limit);
    const bool any_time = rule.limit == base::Nanos::max();
    const std::string_view times_of =
        rule.from_actual_send ? "weir_service_time" : "weir_response_time";
    for (const auto& series : record.series) {
        const auto& metric = record.metrics[static_cast<std::size_t>(series.metric)].name;
        const bool finished = metric == times_of;
        if (!finished && metric != "weir_unfinished") continue;
        if (!selects(selection, series.tags)) continue;
        const auto& times = std::get<stats::Distribution>(series.total);
        if (!finished) {
            // One that had not passed the limit yet says neither yes nor no.
            const std::uint64_t over = any_time ? times.count() : times.count_over(limit_ms);
            counted.requests += over;
            counted.unfinished += over;
            continue;
        }
        counted.requests += times.count();
        if (failed(series.tags)) counted.failed += times.count();
        if (!failed(series.tags) || !rule.errors_count) {
            counted.within += any_time ? times.count() : times.count_at_most(limit_ms);
        }
    }
    return counted;
}

Finding judge_condition(const record::RunRecord& record,
                        const plan::Condition& condition,
                        double confidence) {
    switch (condition.kind) {
        case plan::ConditionKind::share_under:
            return judge_share(record, condition, confidence);
        case plan::ConditionKind::errors:
            return judge_errors(record, condition, confidence);
        case plan::ConditionKind::checks:
            return judge_checks(record, condition, confidence);
        case plan::ConditionKind::rate:
            return judge_rate(record, condition, confidence);
    }
    return {};
}

bool misses_beyond_doubt(const record::RunRecord& record, const plan::Condition& condition) {
    if (condition.kind == plan::ConditionKind::checks) return false;
    if (condition.kind == plan::ConditionKind::rate) return false;
    const bool timed = condition.kind == plan::ConditionKind::share_under;
    const Counted counted =
        count(record, condition.selection,
              {.limit = timed ? condition.limit + record.health.loop_stall_max : base::Nanos::max(),
               .errors_count = condition.errors_count,
               .from_actual_send = true});
    if (counted.requests < condition.min_samples) return false;
    if (timed) return share(counted.within, counted.requests) < condition.share;
    return share(counted.failed, counted.requests) > condition.share;
}

std::vector<Finding> judge_thresholds(const record::RunRecord& record, const Criteria& criteria) {
    std::vector<Finding> findings;
    const record::MetricView view(record);
    for (const auto& set : criteria.thresholds) {
        const auto results = record::evaluate(set, view);
        for (std::size_t i = 0; i < results.size(); ++i) {
            const auto& result = results[i];
            Finding finding;
            finding.condition = base::format("{}: {}", result.key, result.source);
            finding.value = result.value;
            finding.limit = set.thresholds[i].limit;
            finding.samples = result.samples;
            const bool empty = result.state == record::ThresholdState::no_samples ||
                               result.state == record::ThresholdState::unknown_metric;
            const bool held =
                result.state == record::ThresholdState::held || (empty && criteria.strict_compat);
            finding.state = held ? FindingState::held : FindingState::missed;
            finding.words =
                empty ? "no samples: k6 lets that pass, Weir does not"
                      : base::format("{:.6g} over {} samples", result.value, result.samples);
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

}  // namespace weir::judge

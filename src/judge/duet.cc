#include "judge/duet.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/format.h"
#include "judge/signals.h"
#include "judge/validity.h"

namespace weir::judge {
namespace {

using record::FindingState;
using record::PairSeries;
using record::RunRecord;
using record::Side;
using record::VerdictKind;
using stats::PairedState;

constexpr double share_of_times = 0.9;  // of the level; the rest is for failures

/// With fewer pairs nothing could be decided: such a request takes no part, nor of the level.
/// `growth`: how many times as many there may be in the end.
bool is_compared(const PairSeries& series, double growth = 1) {
    constexpr stats::PairedRule rule;
    return static_cast<double>(series.pairs.size()) * growth >=
           static_cast<double>(rule.blocks_least * rule.pairs_of_block_least);
}

/// Requests that share the level.
std::size_t count_of(std::span<const PairSeries> pairs, double growth = 1) {
    return static_cast<std::size_t>(
        std::count_if(pairs.begin(), pairs.end(),
                      [growth](const auto& series) { return is_compared(series, growth); }));
}

DuetFinding find_in(const PairSeries& series, const DuetRule& rule, std::size_t requests) {
    std::vector<stats::Pair> times;
    std::vector<stats::OneSided> failures;
    for (const auto& pair : series.pairs) {
        failures.push_back(
            {.baseline = pair.baseline_failed, .candidate = pair.candidate_failed, .at = pair.at});
        if (pair.baseline_failed || pair.candidate_failed) continue;
        if (pair.baseline.count() <= 0 || pair.candidate.count() <= 0) continue;
        times.push_back({.baseline = static_cast<double>(pair.baseline.count()),
                         .candidate = static_cast<double>(pair.candidate.count()),
                         .at = pair.at});
    }
    const double level = rule.level / static_cast<double>(requests);
    DuetFinding found;
    found.journey = series.journey;
    found.name = series.name;
    found.time = stats::compare_pairs(
        times, {.level = level * share_of_times,
                .relative = rule.slower_than.relative,
                .absolute = static_cast<double>(rule.slower_than.absolute.count())});
    found.failures = stats::compare_events(failures, {.level = level * (1 - share_of_times)});
    found.slower = found.time.state == PairedState::slower;
    const auto more = static_cast<double>(found.failures.candidate_only) -
                      static_cast<double>(found.failures.baseline_only);
    found.failing = found.failures.state == PairedState::slower &&
                    more > rule.failures * static_cast<double>(found.failures.pairs);
    return found;
}

std::string percent_of(double ratio) {
    if (std::isinf(ratio)) return "?";
    return base::format("{:+.1f} %", (ratio - 1) * 100);
}

std::string ms_of(double nanos) {
    if (std::isinf(nanos)) return "?";
    return base::format("{:+.2f} ms", nanos / 1e6);
}

std::string words_of(const DuetFinding& found) {
    const auto& time = found.time;
    std::string state = time.state == PairedState::slower      ? "slower"
                        : time.state == PairedState::faster    ? "faster"
                        : time.state == PairedState::no_slower ? "no slower"
                                                               : "undecided";
    std::string words = base::format("{} pairs: {}", time.pairs, state);
    if (time.blocks > 0) {
        const std::string low = time.ratio_low <= 0 ? "?" : percent_of(time.ratio_low);
        words += base::format(", {} ({} to {}), {} ({} to {})", percent_of(time.ratio), low,
                              percent_of(time.ratio_high), ms_of(time.difference),
                              ms_of(time.difference_low), ms_of(time.difference_high));
    }
    const auto& failures = found.failures;
    if (failures.candidate_only + failures.baseline_only > 0 || found.failing) {
        words += base::format("; failed on the candidate alone {} times, on the baseline alone {}",
                              failures.candidate_only, failures.baseline_only);
        if (found.failing) words += ": more failures";
    }
    return words;
}

record::Finding finding_of(const DuetFinding& found, const DuetRule& rule) {
    record::Finding finding;
    finding.condition = base::format("`{}` of {} not slower by {}", found.name, found.journey,
                                     plan::threshold_words(rule.slower_than));
    finding.state = found.slower || found.failing                ? FindingState::missed
                    : found.time.state == PairedState::undecided ? FindingState::undecided
                                                                 : FindingState::held;
    finding.value = found.time.ratio;
    finding.limit = 1 + rule.slower_than.relative;
    finding.samples = found.time.pairs;
    finding.words = words_of(found);
    finding.journey = found.journey;
    finding.request = found.name;
    return finding;
}

/// What one deployment's versions and restarts say: each side may have its own version.
void judge_side(const RunRecord& record, Side side, Signals& signals) {
    RunRecord alone = record;
    std::erase_if(alone.target.seen, [side](const auto& seen) { return seen.side != side; });
    Signals found;
    judge_version(alone, found);
    judge_restarts(alone, found);
    for (auto& signal : found) {
        signal.words.insert(0, base::format("the {}: ", record::word_of(side)));
        // The baseline's own fall is nothing that the candidate did.
        if (side == Side::baseline && std::exchange(signal.against_service, false)) {
            signal.hard = true;
        }
        signals.push_back(std::move(signal));
    }
}

Signals signals_of(const RunRecord& record, const DuetRule& rule) {
    RunRecord both = record;
    both.pairs.clear();
    const auto seen = std::exchange(both.target.seen, {});
    Criteria criteria;
    criteria.trust = rule.trust;
    Signals signals = find_signals(both, criteria);
    both.target.seen = seen;
    judge_side(both, Side::baseline, signals);
    judge_side(both, Side::candidate, signals);
    return signals;
}

/// Journeys that offered load and have no pair at all.
std::vector<std::string> unpaired(const RunRecord& record) {
    std::vector<std::string> names;
    for (const auto& series : record.pairs) {
        const bool any =
            std::any_of(record.pairs.begin(), record.pairs.end(), [&](const PairSeries& each) {
                return each.journey == series.journey && !each.pairs.empty();
            });
        const bool known = std::find(names.begin(), names.end(), series.journey) != names.end();
        if (!any && !known) names.push_back(series.journey);
    }
    return names;
}

VerdictKind conclude(const RunRecord& record,
                     const DuetVerdict& duet,
                     std::vector<std::string>& reasons) {
    const auto& verdict = duet.verdict;
    std::vector<std::string> changed;
    for (const auto& finding : verdict.findings) {
        if (finding.state != FindingState::missed) continue;
        changed.push_back(
            base::format("`{}` of {}: {}", finding.request, finding.journey, finding.words));
    }
    for (const auto& signal : verdict.signals) {
        if (!signal.hard || (signal.about_generator && !changed.empty())) continue;
        reasons.push_back(base::format("{} ({} should look)", signal.words, signal.who));
    }
    if (!reasons.empty()) return VerdictKind::invalid;
    reasons = std::move(changed);
    for (const auto& signal : verdict.signals) {
        if (signal.against_service) reasons.push_back(signal.words);
    }
    if (!reasons.empty()) return VerdictKind::fail;
    for (const auto& name : unpaired(record)) {
        reasons.push_back(base::format(
            "journey {} has no request that both deployments answered in the same iteration ({} "
            "should look)",
            name, journey_author));
    }
    constexpr stats::PairedRule least;
    const bool any = std::any_of(
        duet.requests.begin(), duet.requests.end(),
        [&](const DuetFinding& found) { return found.time.blocks >= least.blocks_least; });
    if (reasons.empty() && !any) {
        reasons.push_back(base::format(
            "no request has enough pairs to compare: {} and {} seconds are the least ({} should "
            "look)",
            least.blocks_least * least.pairs_of_block_least, least.blocks_least, journey_author));
    }
    if (!reasons.empty()) return VerdictKind::invalid;
    const auto open =
        std::count_if(verdict.findings.begin(), verdict.findings.end(),
                      [](const auto& finding) { return finding.state == FindingState::undecided; });
    const auto left_out = static_cast<std::size_t>(
        std::count_if(record.pairs.begin(), record.pairs.end(),
                      [](const PairSeries& series) { return !is_compared(series); }));
    reasons.push_back(
        open == 0 ? base::format("no request became slower, of {}", verdict.findings.size())
                  : base::format("no request was found slower; {} of {} are undecided: a longer "
                                 "duet would say more",
                                 open, verdict.findings.size()));
    if (left_out > 0) {
        reasons.push_back(base::format("{} request names had too few pairs to compare", left_out));
    }
    return VerdictKind::pass;
}

}  // namespace

bool is_decided(std::span<const PairSeries> pairs, const DuetRule& rule, double growth) {
    const std::size_t requests = count_of(pairs, growth);
    return requests > 0 && std::all_of(pairs.begin(), pairs.end(), [&](const PairSeries& series) {
               if (!is_compared(series, growth)) return true;
               const auto found = find_in(series, rule, requests);
               return found.failing || found.time.state != PairedState::undecided;
           });
}

std::vector<record::Finding> standings(std::span<const PairSeries> pairs, const DuetRule& rule) {
    std::vector<record::Finding> all;
    const std::size_t with_pairs = count_of(pairs);
    for (const auto& series : pairs) {
        if (is_compared(series)) all.push_back(finding_of(find_in(series, rule, with_pairs), rule));
    }
    return all;
}

DuetVerdict judge_duet(const RunRecord& record, const DuetRule& rule) {
    DuetVerdict duet;
    const std::size_t with_pairs = count_of(record.pairs);
    for (const auto& series : record.pairs) {
        if (!is_compared(series)) continue;
        duet.requests.push_back(find_in(series, rule, with_pairs));
        duet.verdict.findings.push_back(finding_of(duet.requests.back(), rule));
    }
    duet.verdict.signals = signals_of(record, rule);
    for (const auto& seen : record.target.seen) {
        duet.verdict.versions.push_back(
            base::format("{}{}, the {}", seen.version.empty() ? "(unknown)" : seen.version,
                         seen.instance.empty() ? "" : base::format(" (instance {})", seen.instance),
                         record::word_of(seen.side)));
    }
    std::vector<std::string> reasons;
    duet.verdict.kind = conclude(record, duet, reasons);
    duet.verdict.reasons = std::move(reasons);
    return duet;
}

}  // namespace weir::judge

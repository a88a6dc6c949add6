#include "judge/baseline.h"

#include <algorithm>

#include "base/format.h"
#include "stats/change_point.h"
#include "stats/predictive.h"

namespace weir::judge {
namespace {

using record::Finding;
using record::FindingState;
using record::RequestFigures;

/// Runs differ by so much at least, however alike the last ones were (of the logarithm).
constexpr double spread_least = 0.05;

struct Figure {
    const char* name;
    double RequestFigures::*member;
};
constexpr Figure figures[] = {{"median", &RequestFigures::median_ms},
                              {"95 % quantile", &RequestFigures::p95_ms}};

/// Oldest first; only those that have the request.
std::vector<double> series_of(std::span<const record::PastRun> past,
                              const RequestFigures& wanted,
                              double RequestFigures::*member) {
    std::vector<double> series;
    for (auto run = past.rbegin(); run != past.rend(); ++run) {
        for (const auto& each : run->requests) {
            const bool same = each.request == wanted.request && each.journey == wanted.journey;
            if (same && each.*member > 0) series.push_back(each.*member);
        }
    }
    return series;
}

Finding judge_figure(const RequestFigures& now,
                     const Figure& figure,
                     std::vector<double> series,
                     std::pair<const BaselineRule&, double> rule_and_level) {
    const auto& [rule, level] = rule_and_level;
    Finding finding;
    finding.condition = base::format("{} of `{}` as in the last runs", figure.name, now.request);
    finding.unit = record::FigureUnit::milliseconds;
    finding.journey = now.journey;
    finding.request = now.request;
    finding.value = now.*(figure.member);
    const auto changes = stats::change_points(series);
    std::string since;
    if (!changes.empty() && series.size() - changes.back() >= rule.runs_least) {
        since = base::format(" since the change {} runs ago", series.size() - changes.back());
        series.erase(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(changes.back()));
    }
    finding.samples = series.size();
    if (series.size() < rule.runs_least) {
        finding.state = FindingState::undecided;
        finding.weak = true;
        finding.words =
            base::format("no baseline yet: {} of {} valid runs", series.size(), rule.runs_least);
        return finding;
    }
    const auto interval = stats::predictive_interval(series, level, spread_least);
    auto sorted = series;
    std::sort(sorted.begin(), sorted.end());
    const double usual = sorted[sorted.size() / 2];
    finding.interval = interval;
    finding.limit = std::max({interval.high, usual * (1 + rule.threshold.relative),
                              usual + base::to_ms(rule.threshold.absolute)});
    finding.decided = true;
    finding.state = finding.value > finding.limit ? FindingState::missed : FindingState::held;
    finding.words = base::format(
        "{:.1f} ms, {:.1f} to {:.1f} ms were to be expected from {} runs{}; slower counts from "
        "{:.1f} ms on",
        finding.value, interval.low, interval.high, series.size(), since, finding.limit);
    return finding;
}

}  // namespace

std::vector<Finding> compare_with_history(std::span<const RequestFigures> now,
                                          std::span<const record::PastRun> past,
                                          const BaselineRule& rule) {
    std::vector<Finding> findings;
    // Two-sided intervals of which only the upper side counts: the level is used twice over.
    const double level =
        2 * rule.level /
        static_cast<double>(std::max<std::size_t>(now.size() * std::size(figures), 1));
    for (const auto& request : now) {
        if (request.answered == 0) continue;
        for (const auto& figure : figures) {
            findings.push_back(judge_figure(
                request, figure, series_of(past, request, figure.member), {rule, level}));
        }
    }
    return findings;
}

}  // namespace weir::judge

#include "judge/baseline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/format.h"
#include "stats/change_point.h"
#include "stats/predictive.h"

namespace weir::judge {
namespace {

using plan::SlowerPolicy;
using record::Finding;
using record::FindingState;
using record::RequestFigures;

/// Runs differ by so much at least, however alike the last ones were (of the logarithm).
constexpr double spread_least = 0.05;

struct Figure {
    BaselineFigure figure;
    const char* name;
    double RequestFigures::*member;
    std::uint64_t answers_least;  // or it is a figure of chance
};
constexpr std::array figures{
    Figure{BaselineFigure::median, "median", &RequestFigures::median_ms, 20},
    Figure{BaselineFigure::p95, "95 % quantile", &RequestFigures::p95_ms, 100}};

const Figure& figure_of(const BaselineLimit& limit) {
    return *std::find_if(figures.begin(), figures.end(),
                         [&](const Figure& each) { return each.figure == limit.figure; });
}

/// Oldest first; only those runs that have enough of it.
std::vector<double> series_of(std::span<const record::PastRun> past,
                              const RequestFigures& wanted,
                              const Figure& figure) {
    std::vector<double> series;
    for (auto run = past.rbegin(); run != past.rend(); ++run) {
        for (const auto& each : run->requests) {
            const bool same = each.request == wanted.request && each.journey == wanted.journey;
            if (!same || each.answered < figure.answers_least) continue;
            if (each.*figure.member > 0) series.push_back(each.*figure.member);
        }
    }
    return series;
}

/// What lies behind a limit, before it is drawn.
struct Series {
    BaselineLimit limit;
    std::vector<double> values;
};

std::optional<Series> usable(std::vector<double> values) {
    Series series;
    const auto changes = stats::change_points(values);
    if (!changes.empty() && values.size() - changes.back() >= plan::BaselineRule::runs_least) {
        series.limit.changed_ago = values.size() - changes.back();
        values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(changes.back()));
    }
    if (values.size() < plan::BaselineRule::runs_least) return std::nullopt;
    series.limit.runs = values.size();
    series.values = std::move(values);
    return series;
}

BaselineLimit drawn(Series series, double level, const plan::PracticalThreshold& threshold) {
    BaselineLimit limit = std::move(series.limit);
    limit.expected = stats::predictive_interval(series.values, level, spread_least);
    std::sort(series.values.begin(), series.values.end());
    limit.usual_ms = series.values[series.values.size() / 2];
    limit.limit_ms = std::max({limit.expected.high, limit.usual_ms * (1 + threshold.relative),
                               limit.usual_ms + base::to_ms(threshold.absolute)});
    return limit;
}

std::string words_of(const BaselineLimit& limit, double value) {
    std::string words = base::format(
        "{:.1f} ms, {:+.0f} % on the usual {:.1f} ms; {:.1f} to {:.1f} ms were to be expected from "
        "the last {} runs that passed",
        value, 100 * (value / limit.usual_ms - 1), limit.usual_ms, limit.expected.low,
        limit.expected.high, limit.runs);
    if (limit.changed_ago > 0) words += ", all since the last change";
    return words + base::format("; slower counts from {:.1f} ms on", limit.limit_ms);
}

const RequestFigures* find(std::span<const RequestFigures> requests, const BaselineLimit& limit) {
    const auto found = std::find_if(requests.begin(), requests.end(), [&](const auto& each) {
        return each.request == limit.request && each.journey == limit.journey;
    });
    return found == requests.end() ? nullptr : &*found;
}

bool is_compared(const RequestFigures* request, const BaselineLimit& limit) {
    return request != nullptr && request->answered >= figure_of(limit).answers_least;
}

void note(Signals& signals, const char* name, std::string words) {
    signals.push_back(
        {.name = name, .note = true, .words = std::move(words), .who = std::string(developers)});
}

}  // namespace

Baseline draw_baseline(std::span<const record::PastRun> past, const plan::BaselineRule& rule) {
    Baseline baseline{.on_slower = rule.on_slower, .runs = past.size(), .limits = {}};
    if (past.empty()) return baseline;
    std::vector<Series> found;
    for (const auto& request : past.front().requests) {
        for (const auto& figure : figures) {
            auto series = usable(series_of(past, request, figure));
            if (!series) continue;
            series->limit.journey = request.journey;
            series->limit.request = request.request;
            series->limit.figure = figure.figure;
            found.push_back(std::move(*series));
        }
    }
    // Two-sided intervals of which only the upper side counts: the level is used twice over.
    const double level =
        2 * rule.error_level / static_cast<double>(std::max<std::size_t>(found.size(), 1));
    for (auto& each : found) {
        baseline.limits.push_back(drawn(std::move(each), level, rule.slower_than));
    }
    return baseline;
}

std::vector<Finding> compare_with_baseline(std::span<const RequestFigures> now,
                                           const Baseline& baseline) {
    std::vector<Finding> findings;
    for (const auto& limit : baseline.limits) {
        const auto* request = find(now, limit);
        if (!is_compared(request, limit)) continue;
        const auto& figure = figure_of(limit);
        Finding finding;
        finding.condition =
            base::format("{} of `{}` as in the last runs", figure.name, limit.request);
        finding.unit = record::FigureUnit::milliseconds;
        finding.journey = limit.journey;
        finding.request = limit.request;
        finding.value = request->*figure.member;
        finding.limit = limit.limit_ms;
        finding.samples = request->answered;
        finding.interval = limit.expected;
        finding.decided = true;
        finding.about_baseline = true;
        finding.state = finding.value > limit.limit_ms ? FindingState::missed : FindingState::held;
        finding.words = words_of(limit, finding.value);
        findings.push_back(std::move(finding));
    }
    return findings;
}

void note_baseline(std::span<const RequestFigures> now,
                   std::span<const Finding> findings,
                   const Baseline& baseline,
                   Signals& signals) {
    if (baseline.limits.empty()) {
        note(signals, "no baseline yet", words_of(baseline));
        return;
    }
    std::string left_out;
    for (const auto& limit : baseline.limits) {
        if (limit.figure != BaselineFigure::median || is_compared(find(now, limit), limit))
            continue;
        left_out += base::format("{}`{}` of {}", left_out.empty() ? "" : ", ", limit.request,
                                 limit.journey);
    }
    if (!left_out.empty()) {
        note(signals, "not compared with the last runs",
             "they have requests that this one has not, or hardly: " + left_out);
    }
    if (baseline.on_slower == SlowerPolicy::fail) return;
    for (const auto& finding : findings) {
        if (finding.state != FindingState::missed) continue;
        note(signals, "slower than the last runs",
             base::format("{}: {}", finding.condition, finding.words));
    }
}

std::vector<record::BaselineChange> baseline_changes(std::span<const RequestFigures> now,
                                                     const Baseline& baseline) {
    using record::BaselineWord;
    std::vector<record::BaselineChange> changes;
    for (const auto& limit : baseline.limits) {
        record::BaselineChange change{.journey = limit.journey,
                                      .request = limit.request,
                                      .figure = limit.figure,
                                      .runs = limit.runs,
                                      .usual_ms = limit.usual_ms,
                                      .expected = limit.expected,
                                      .limit_ms = limit.limit_ms,
                                      .now_ms = std::nullopt,
                                      .word = BaselineWord::as_usual};
        const auto* request = find(now, limit);
        if (request != nullptr && request->answered > 0) {
            change.now_ms = request->*figure_of(limit).member;
        }
        if (!is_compared(request, limit)) {
            change.word = BaselineWord::too_few_answers;
        } else if (*change.now_ms > limit.limit_ms) {
            change.word = BaselineWord::slower;
        } else if (*change.now_ms < limit.expected.low) {
            change.word = BaselineWord::faster;
        }
        changes.push_back(std::move(change));
    }
    return changes;
}

std::string words_of(const Baseline& baseline) {
    if (baseline.on_slower == SlowerPolicy::ignore) return "not compared with earlier runs";
    if (baseline.limits.empty()) {
        return base::format(
            "the history has {} runs that passed under this load; from {} on, with enough answers "
            "of a request, its times are compared",
            baseline.runs, plan::BaselineRule::runs_least);
    }
    return base::format(
        "compared with the last {} runs of this suite, environment and load that passed",
        baseline.runs);
}

}  // namespace weir::judge

#include "report/history_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "base/format.h"
#include "base/json.h"
#include "record/wall_text.h"
#include "report/team/run_rates.h"
#include "stats/change_point.h"

namespace weir::report {
namespace {

using record::FigureUnit;
using record::PastRun;

std::string shortened(const std::string& text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t end = most - 1;
    // Not within a code point.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) end -= 1;
    return text.substr(0, end) + "…";
}

/// Eight heights from the least to the greatest value.
std::string sparkline(const std::vector<double>& values) {
    constexpr std::array bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    std::string line;
    for (const double each : values) {
        const double place = *most > *least ? (each - *least) / (*most - *least) : 0.5;
        line += bars[static_cast<std::size_t>(place * (bars.size() - 1) + 0.5)];
    }
    return line;
}

struct Trend {
    std::vector<double> values;  // oldest first
    FigureUnit unit = FigureUnit::share;
};
std::map<std::string, Trend> trends_of(std::span<const PastRun> runs) {
    std::map<std::string, Trend> trends;
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        if (!is_trusted(*run)) continue;
        for (const auto& finding : run->findings) {
            if (finding.samples == 0) continue;
            auto& trend = trends[finding.condition];
            trend.values.push_back(finding.value);
            trend.unit = finding.unit;
        }
        for (const auto& request : run->requests) {
            if (request.answered == 0) continue;
            auto& trend = trends[base::format("95 % quantile of `{}`", request.request)];
            trend.values.push_back(request.p95_ms);
            trend.unit = FigureUnit::milliseconds;
        }
    }
    return trends;
}

std::string runs_text(std::span<const PastRun> runs) {
    std::string out;
    for (const auto& run : runs) {
        out += base::format("  {}  {:<9} {:<12} {}{}\n", record::to_text(run.started).substr(0, 19),
                            word_of(run), shortened(run.commit, 12),
                            run.attempt > 1 ? base::format("(attempt {}) ", run.attempt) : "",
                            run.reasons.empty() ? "" : shortened(run.reasons.front(), 90));
    }
    return out;
}

std::string trends_text(std::span<const PastRun> runs) {
    std::string out;
    for (const auto& [name, trend] : trends_of(runs)) {
        out += base::format("  {}\n      {}  {} → {}", name, sparkline(trend.values),
                            figure_text(trend.values.front(), trend.unit),
                            figure_text(trend.values.back(), trend.unit));
        for (const std::size_t change : stats::change_points(trend.values)) {
            out += base::format("; changed {} runs ago", trend.values.size() - change);
        }
        out += "\n";
    }
    return out;
}

}  // namespace

std::string history_text(std::span<const PastRun> runs) {
    if (runs.empty()) return "no runs yet: `weir gate` keeps each of its runs here\n";
    const auto trends = trends_text(runs);
    const Flakes flakes = flakes_of(runs);
    std::string out = base::format("{} in {}, {} runs, newest first\n\n", runs.front().suite,
                                   runs.front().environment.empty() ? "no named environment"
                                                                    : runs.front().environment,
                                   runs.size()) +
                      runs_text(runs);
    if (!trends.empty()) out += "\ntrend, oldest first\n" + trends;
    out += base::format(
        "\nflaky: {} of {} commits that were tested more than once both passed and "
        "failed\n",
        flakes.both, flakes.repeated);
    const auto causes = invalid_causes(runs);
    const auto invalid = std::count_if(runs.begin(), runs.end(),
                                       [](const auto& run) { return run.verdict == "invalid"; });
    out += base::format("invalid: {} of {} runs\n", invalid, runs.size());
    for (const auto& [cause, count] : causes) out += base::format("  {} {}\n", count, cause);
    return out;
}

std::string history_json(std::span<const PastRun> runs) {
    using base::Json;
    Json json{{"format", "weir-history"}, {"version", 1}};
    json["runs"] = Json::array();
    for (const auto& run : runs) {
        Json one{{"run_id", run.run_id},
                 {"suite", run.suite},
                 {"environment", run.environment},
                 {"commit", run.commit},
                 {"started", record::to_text(run.started)},
                 {"attempt", run.attempt},
                 {"state", word_of(run)},
                 {"duration_ns", run.duration.count()},
                 {"reasons", run.reasons}};
        one["conditions"] = Json::array();
        for (const auto& finding : run.findings) {
            one["conditions"].push_back({{"condition", finding.condition},
                                         {"value", finding.value},
                                         {"limit", finding.limit},
                                         {"decided", finding.decided},
                                         {"held", finding.state == record::FindingState::held}});
        }
        json["runs"].push_back(std::move(one));
    }
    const Flakes flakes = flakes_of(runs);
    json["flaky"] = {{"commits_tested_again", flakes.repeated}, {"both_verdicts", flakes.both}};
    json["invalid_by_cause"] = invalid_causes(runs);
    json["trends"] = Json::array();
    for (const auto& [name, trend] : trends_of(runs)) {
        json["trends"].push_back({{"name", name},
                                  {"values", trend.values},
                                  {"change_points", stats::change_points(trend.values)}});
    }
    return base::write_json(json, 2) + "\n";
}

}  // namespace weir::report

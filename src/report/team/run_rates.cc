#include "report/team/run_rates.h"

#include <set>

#include "base/format.h"

namespace weir::report {

using record::FigureUnit;
using record::PastRun;
using record::RunState;

std::string_view word_of(const PastRun& run) {
    switch (run.state) {
        case RunState::finished:
            return run.verdict;
        case RunState::running:
            return "running";
        case RunState::abandoned:
            return "abandoned";
    }
    return "";
}

bool is_trusted(const PastRun& run) {
    return run.verdict == "pass" || run.verdict == "fail";
}

Flakes flakes_of(std::span<const PastRun> runs) {
    std::map<std::string, std::map<std::string, int>> verdicts;
    for (const auto& run : runs) {
        if (is_trusted(run) && !run.commit.empty()) verdicts[run.commit][run.verdict] += 1;
    }
    Flakes flakes;
    for (const auto& [commit, counts] : verdicts) {
        int all = 0;
        for (const auto& [verdict, count] : counts) all += count;
        if (all < 2) continue;
        flakes.repeated += 1;
        if (counts.size() > 1) flakes.both += 1;
    }
    return flakes;
}

std::map<std::string, int> invalid_causes(std::span<const PastRun> runs) {
    std::map<std::string, int> causes;
    for (const auto& run : runs) {
        if (run.verdict != "invalid") continue;
        std::set<std::string> of_run;
        for (const auto& signal : run.signals) {
            if (signal.hard) of_run.insert(signal.name);
        }
        if (of_run.empty()) of_run.insert("too close or too few samples");
        for (const auto& cause : of_run) causes[cause] += 1;
    }
    return causes;
}

std::string figure_text(double value, FigureUnit unit) {
    switch (unit) {
        case FigureUnit::share:
            return base::format("{:.2f} %", value * 100);
        case FigureUnit::milliseconds:
            return base::format("{:.1f} ms", value);
        case FigureUnit::per_second:
            return base::format("{:.1f}/s", value);
        case FigureUnit::plain:
            return base::format("{:.4g}", value);
    }
    return {};
}

}  // namespace weir::report

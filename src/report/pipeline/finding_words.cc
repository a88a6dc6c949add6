#include "report/pipeline/finding_words.h"

#include "base/format.h"
#include "report/figures.h"
#include "report/material.h"

namespace weir::report {

std::string value_text(const record::Finding& finding, double value) {
    switch (finding.unit) {
        case record::FigureUnit::share:
            // 99.996 % of 99.995 % must not read "100.00 %".
            return base::format("{:.{}f} %", value * 100, value > 0.999 && value < 1 ? 4 : 2);
        case record::FigureUnit::milliseconds:
            return duration_text(value, "");
        case record::FigureUnit::per_second:
            return base::format("{:.4g} per second", value);
        case record::FigureUnit::plain:
            return base::format("{:.6g}", value);
    }
    return {};
}

std::string interval_text(const record::Finding& finding) {
    if (!has_interval(finding)) return {};
    const auto& [low, high] = finding.interval;
    switch (finding.unit) {
        case record::FigureUnit::share:
            return base::format("{:.2f} to {:.2f} %", low * 100, high * 100);
        case record::FigureUnit::per_second:
            return base::format("{:.4g} to {:.4g} per second", low, high);
        default:
            return base::format("{} to {}", value_text(finding, low), value_text(finding, high));
    }
}

std::string change_text(const record::BaselineChange& change) {
    const std::string_view figure =
        change.figure == record::BaselineFigure::median ? "median" : "95 % quantile";
    const auto now = change.now_ms ? base::format("{:.1f} ms", *change.now_ms) : "no answer";
    return base::format(
        "{} of `{}`: {}, usually {:.1f} ms; {:.1f} to {:.1f} ms were to be expected from the last "
        "{} runs that passed: {}",
        figure, change.request, now, change.usual_ms, change.expected.low, change.expected.high,
        change.runs, word_of(change.word));
}

}  // namespace weir::report

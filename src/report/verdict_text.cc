#include "report/verdict_text.h"

#include <algorithm>
#include <string_view>

#include "base/format.h"

namespace weir::report {
namespace {

std::string_view color_of(record::VerdictKind kind) {
    switch (kind) {
        case record::VerdictKind::pass:
            return "32";
        case record::VerdictKind::fail:
            return "31";
        case record::VerdictKind::invalid:
            return "33";
    }
    return "0";
}

std::string_view mark_of(record::FindingState state) {
    switch (state) {
        case record::FindingState::held:
            return "✓";
        case record::FindingState::missed:
            return "✗";
        case record::FindingState::undecided:
            return "?";
    }
    return "";
}

/// Columns that a terminal gives the text: code points, which is enough for what we print.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, width_of(text)), ' ');
}

std::string interval_text(const record::Finding& finding) {
    const auto& [low, high] = finding.interval;
    switch (finding.unit) {
        case record::FigureUnit::share:
            if (high - low >= 1) return "";
            return base::format(" (99 % interval {:.2f} to {:.2f} %)", low * 100, high * 100);
        case record::FigureUnit::milliseconds:
            if (finding.about_generator) return "";
            return base::format(" (99 % interval {:.2f} to {:.2f} ms)", low, high);
        case record::FigureUnit::per_second:
            return base::format(" (99 % interval {:.2f} to {:.2f} per second)", low, high);
        case record::FigureUnit::plain:
            break;
    }
    return "";
}

}  // namespace

std::string verdict_text(const record::RunRecord& record,
                         const record::Verdict& verdict,
                         const gate::Decision& decision,
                         bool colors) {
    std::string kind(record::word_of(verdict.kind));
    if (colors) kind = base::format("\x1b[1;{}m{}\x1b[0m", color_of(verdict.kind), kind);
    std::string out = base::format("\nverdict: {} — {}\n", kind, decision.sentence);
    for (const auto& reason : verdict.reasons) out += base::format("  because {}\n", reason);
    if (!verdict.findings.empty()) out += "\nconditions\n";
    for (const auto& finding : verdict.findings) {
        out += base::format("  {} {}\n", mark_of(finding.state), finding.condition);
        out += base::format("      {}", finding.words);
        out += interval_text(finding);
        out += "\n";
    }
    bool heading = false;
    for (const auto& signal : verdict.signals) {
        if (!heading) out += "\nsignals\n";
        heading = true;
        out += base::format("  {}: {}\n", signal.name, signal.words);
    }
    if (!record.evidence.script_failures.empty()) {
        const auto& first = record.evidence.script_failures.front();
        out += base::format("\nthe script failed {} times, most often: {} ({})\n",
                            record.evidence.script_failures_total, first.message, first.location);
    }
    out += "\ntarget    " + record.target.base_url;
    for (const auto& version : verdict.versions)
        out += base::format("\n          version {}", version);
    return out + base::format("\nrun       {}\nexit code {}\n", record.run_id,
                              static_cast<int>(decision.code));
}

std::string side_by_side(const std::vector<std::string>& rows, const std::vector<Column>& columns) {
    std::size_t name_width = 0;
    for (const auto& row : rows) name_width = std::max(name_width, width_of(row));
    std::vector<std::size_t> widths;
    for (const auto& column : columns) {
        std::size_t width = width_of(column.title);
        for (const auto& cell : column.cells) width = std::max(width, width_of(cell));
        widths.push_back(width);
    }
    std::string out = padded("", name_width);
    for (std::size_t c = 0; c < columns.size(); ++c)
        out += "   " + padded(columns[c].title, widths[c]);
    out += "\n";
    for (std::size_t r = 0; r < rows.size(); ++r) {
        out += padded(rows[r], name_width);
        for (std::size_t c = 0; c < columns.size(); ++c) {
            out +=
                "   " + padded(r < columns[c].cells.size() ? columns[c].cells[r] : "", widths[c]);
        }
        out.erase(out.find_last_not_of(' ') + 1);
        out += "\n";
    }
    return out;
}

}  // namespace weir::report

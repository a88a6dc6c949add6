#include "report/verdict_text.h"

#include <algorithm>
#include <string_view>

#include "base/display.h"
#include "base/format.h"
#include "report/times_text.h"

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

/// Words with names in them that scripts, targets and configurations chose.
std::string safe(std::string_view foreign) {
    return base::inert_line(foreign);
}

/// Of each request that misses its condition the slowest example; of the run when none is named.
std::string where_it_was_slow(const record::RunRecord& record,
                              const record::Verdict& verdict,
                              const VerdictStyle& style) {
    std::string out;
    if (auto times = times_text(record, style.unicode); !times.empty()) out += "\n" + times;
    std::vector<const record::Exchange*> slowest;
    for (const auto& finding : verdict.findings) {
        if (finding.state != record::FindingState::missed || finding.about_generator) continue;
        const auto* const one = slowest_of(record.evidence, finding.request);
        const bool fresh = std::find(slowest.begin(), slowest.end(), one) == slowest.end();
        if (one != nullptr && fresh) slowest.push_back(one);
    }
    if (!slowest.empty()) out += "\nslowest\n";
    for (const auto* each : slowest) out += base::format("  {}\n", slowest_text(*each));
    return out;
}

}  // namespace

std::string verdict_text(const record::RunRecord& record,
                         const record::Verdict& verdict,
                         const gate::Decision& decision,
                         const VerdictStyle& style) {
    std::string kind(record::word_of(verdict.kind));
    if (style.colors) kind = base::format("\x1b[1;{}m{}\x1b[0m", color_of(verdict.kind), kind);
    std::string out = base::format("\nverdict: {} — {}\n", kind, safe(decision.sentence));
    for (const auto& reason : verdict.reasons) out += base::format("  because {}\n", safe(reason));
    if (!verdict.findings.empty()) out += "\nconditions\n";
    for (const auto& finding : verdict.findings) {
        out += base::format("  {} {}\n", mark_of(finding.state), safe(finding.condition));
        out += base::format("      {}", safe(finding.words));
        out += interval_text(finding);
        out += "\n";
    }
    if (verdict.kind != record::VerdictKind::pass) out += where_it_was_slow(record, verdict, style);
    bool heading = false;
    for (const auto& signal : verdict.signals) {
        if (!heading) out += "\nsignals\n";
        heading = true;
        out += base::format("  {}: {}\n", signal.name, safe(signal.words));
    }
    if (!record.evidence.script_failures.empty()) {
        const auto& first = record.evidence.script_failures.front();
        out += base::format("\nthe script failed {} times, most often: {} ({})\n",
                            record.evidence.script_failures_total, safe(first.message),
                            safe(first.location));
    }
    out += "\ntarget    " + safe(record.target.base_url);
    for (const auto& version : verdict.versions)
        out += base::format("\n          version {}", safe(version));
    return out + base::format("\nrun       {}\nexit code {}\n", record.run_id,
                              static_cast<int>(decision.code));
}

std::string side_by_side(const std::vector<std::string>& rows, const std::vector<Column>& columns) {
    std::size_t name_width = 0;
    for (const auto& row : rows) name_width = std::max(name_width, base::display_width(row));
    std::vector<std::size_t> widths;
    for (const auto& column : columns) {
        std::size_t width = base::display_width(column.title);
        for (const auto& cell : column.cells) width = std::max(width, base::display_width(cell));
        widths.push_back(width);
    }
    std::string out = base::padded("", name_width);
    for (std::size_t c = 0; c < columns.size(); ++c)
        out += "   " + base::padded(columns[c].title, widths[c]);
    out += "\n";
    for (std::size_t r = 0; r < rows.size(); ++r) {
        out += base::padded(rows[r], name_width);
        for (std::size_t c = 0; c < columns.size(); ++c) {
            out += "   " +
                   base::padded(r < columns[c].cells.size() ? columns[c].cells[r] : "", widths[c]);
        }
        out.erase(out.find_last_not_of(' ') + 1);
        out += "\n";
    }
    return out;
}

}  // namespace weir::report

#include "report/pipeline/summary_markdown.h"

#include <algorithm>
#include <vector>

#include "base/format.h"
#include "base/units.h"
#include "record/tags.h"
#include "record/wall_text.h"
#include "report/document/request_rows.h"
#include "report/document/rounding.h"
#include "report/figures.h"
#include "report/pipeline/finding_words.h"
#include "report/pipeline/markdown_text.h"

namespace weir::report {
namespace {

using record::BaselineWord;
using record::FindingState;

constexpr std::size_t reasons_most = 20;
constexpr std::size_t findings_most = 60;
constexpr std::size_t changes_most = 20;
constexpr std::size_t requests_most = 10;
constexpr std::size_t exchanges_most = 5;
constexpr std::size_t bytes_most = 1000;  // of one text

std::string text(const std::string& any) {
    return markdown_text(shortened(any, bytes_most));
}
std::string code(const std::string& any) {
    return markdown_code(shortened(any, bytes_most));
}

/// "… and 12 more" behind a list that was cut; empty when it was not.
std::string rest(std::size_t all, std::size_t most) {
    return all > most ? base::format("\n… and {} more\n", all - most) : std::string();
}

std::string_view mark_of(const std::string& verdict) {
    if (verdict == "pass") return "✅";
    if (verdict == "fail") return "❌";
    if (verdict == "none") return "ℹ️";
    return "⚠️";
}

std::string_view mark_of(FindingState state) {
    if (state == FindingState::held) return "✅ held";
    return state == FindingState::missed ? "❌ missed" : "❔ undecided";
}

std::string heading(const Material& material) {
    const auto word = verdict_word(material);
    const auto& sentence = material.decision.sentence;  // of a bypass it begins with that word
    const auto said = sentence.starts_with(word + ":") ? "" : word + ": ";
    return base::format("### {} {}{}\n\n", mark_of(word), said, text(sentence));
}

std::string reasons(const Material& material) {
    const auto& all = material.verdict.reasons;
    std::string out;
    for (std::size_t i = 0; i < std::min(all.size(), reasons_most); ++i) {
        out += base::format("- {}\n", text(all[i]));
    }
    return out + rest(all.size(), reasons_most);
}

std::string conditions(const Material& material) {
    const auto& all = material.verdict.findings;
    if (all.empty()) return {};
    std::string out =
        "\n| | condition | value | limit | 99 % interval | samples |\n"
        "| --- | --- | ---: | ---: | --- | ---: |\n";
    for (std::size_t i = 0; i < std::min(all.size(), findings_most); ++i) {
        const auto& finding = all[i];
        const std::string interval = finding.about_baseline ? "" : interval_text(finding);
        out += base::format("| {} | {} | {} | {} | {} | {} |\n", mark_of(finding.state),
                            text(finding.condition), value_text(finding, finding.value),
                            value_text(finding, finding.limit), interval, finding.samples);
    }
    return out + rest(all.size(), findings_most);
}

std::string last_good(const Material& material) {
    const auto& good = material.provenance.last_good;
    if (!good) return {};
    constexpr std::size_t to_minutes = 16;
    const std::string commit =
        good->commit.empty() ? "" : base::format(", commit {}", code(good->commit));
    return base::format("Last known to be good: run {}{}, {} UTC.\n", code(good->run_id), commit,
                        record::to_text(good->started).substr(0, to_minutes));
}

std::string changes(const Material& material) {
    std::vector<const record::BaselineChange*> changed;
    std::size_t as_usual = 0;
    for (const auto& each : material.changes) {
        if (each.word == BaselineWord::as_usual) {
            ++as_usual;
        } else {
            changed.push_back(&each);
        }
    }
    if (material.provenance.kind != gate::ResultKind::gate) return {};
    std::string out = "\n**Against the last runs that passed:** ";
    if (material.changes.empty()) {
        return out + text(material.baseline_words) + ".\n\n" + last_good(material);
    }
    out += base::format("{} of {} figures are as usual.\n", as_usual, material.changes.size());
    if (!changed.empty()) {
        out +=
            "\n| request | figure | now | usually | expected | |\n"
            "| --- | --- | ---: | ---: | ---: | --- |\n";
    }
    for (std::size_t i = 0; i < std::min(changed.size(), changes_most); ++i) {
        const auto& each = *changed[i];
        const std::string more =
            each.now_ms && each.usual_ms > 0
                ? base::format("{} ({:+.0f} %)", duration_text(*each.now_ms, ""),
                               100 * (*each.now_ms / each.usual_ms - 1))
                : "no answer";
        out += base::format("| {} | {} | {} | {} | {} to {} | {} |\n", code(each.request),
                            word_of(each.figure), more, duration_text(each.usual_ms, ""),
                            duration_text(each.expected.low, ""),
                            duration_text(each.expected.high, ""), word_of(each.word));
    }
    return out + rest(changed.size(), changes_most) + "\n" + last_good(material);
}

std::string slowest_requests(std::vector<RequestRow> rows) {
    rows.erase(rows.begin());  // all together
    if (rows.empty()) return {};
    const auto slowness = [](const RequestRow& row) {
        return row.response_time.empty() ? 0 : row.response_time.quantile(0.95);
    };
    std::vector<std::pair<double, const RequestRow*>> order;
    for (const auto& row : rows) order.emplace_back(slowness(row), &row);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string out =
        "\n**Slowest requests**\n\n| request | journey | count | failed | median | 95 % | 99 % |\n"
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |\n";
    for (std::size_t i = 0; i < std::min(order.size(), requests_most); ++i) {
        const auto& row = *order[i].second;
        const auto quantile = [&row](double q) {
            return row.response_time.empty() ? std::string("–")
                                             : duration_text(row.response_time.quantile(q), "");
        };
        const std::string side =
            row.side == record::Side::alone ? "" : base::format(" ({})", word_of(row.side));
        out += base::format("| {}{} | {} | {} | {} | {} | {} | {} |\n", code(row.request), side,
                            text(row.journey), row.count, row.failed + row.unfinished,
                            quantile(0.5), quantile(0.95), quantile(0.99));
    }
    return out + rest(order.size(), requests_most);
}

std::string slowest_exchanges(const Material& material) {
    const auto& all = material.record.evidence.slowest;
    if (all.empty()) return {};
    std::string out = "\n**Slowest answers**\n\n";
    for (std::size_t i = 0; i < std::min(all.size(), exchanges_most); ++i) {
        const auto& each = all[i];
        out += base::format("- {} after {} (status {})", code(record::shown_request(each.name)),
                            duration_text(base::to_ms(each.response_time), ""), each.status);
        if (!each.trace_id.empty()) {
            const auto link = trace_link(material, each.trace_id);
            out += link.empty() ? ", trace " + code(each.trace_id)
                                : ", " + markdown_link("trace " + each.trace_id, link);
        }
        out += "\n";
    }
    return out;
}

std::string who(const Material& material) {
    std::string names;
    for (const auto& each : who_should_look(material)) {
        names += (names.empty() ? "" : "; ") + text(each);
    }
    std::string out;
    if (!names.empty()) out += base::format("\n**Who should look:** {}.\n", names);
    for (const auto& signal : material.verdict.signals) {
        if (signal.note) continue;
        out += base::format("\n- {}: {}", text(signal.name), text(signal.words));
    }
    return out.empty() ? out : out + "\n";
}

std::string about(const Material& material) {
    const auto& from = material.provenance;
    std::string out = "\n<sub>run " + code(material.record.run_id);
    const auto add = [&out](const char* what, const std::string& value) {
        if (!value.empty()) out += base::format(", {} {}", what, code(value));
    };
    add("suite", from.suite);
    add("environment", material.record.target.environment);
    add("commit", from.commit);
    if (!from.load.empty()) out += ", " + text(from.load);
    if (from.attempt > 1) out += base::format(", attempt {}", from.attempt);
    if (!material.record.weir_version.empty()) {
        out += ", Weir " + text(material.record.weir_version);
    }
    return out + "</sub>\n";
}

}  // namespace

std::string summary_markdown(const Material& material) {
    return heading(material) + reasons(material) + conditions(material) + changes(material) +
           slowest_requests(request_rows(material.record)) + slowest_exchanges(material) +
           who(material) + about(material);
}

}  // namespace weir::report

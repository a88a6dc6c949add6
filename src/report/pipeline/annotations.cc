#include "report/pipeline/annotations.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "base/format.h"
#include "report/document/rounding.h"
#include "report/junit.h"
#include "report/pipeline/finding_words.h"

namespace weir::report {
namespace {

enum class Level : std::uint8_t { error, warning, notice };
constexpr std::array level_words{"error", "warning", "notice"};

std::string escaped(std::string_view text, bool property) {
    constexpr std::size_t bytes_most = 4000;
    std::string out;
    for (const char c : shortened(xml_characters(text), bytes_most)) {
        const bool special =
            c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        out += special ? base::format("%{:02X}", static_cast<int>(c)) : std::string(1, c);
    }
    return out;
}

/// Where an annotation is shown; empty: with the run.
struct Place {
    std::string file;
    std::uint32_t line = 0;
};

class Writer {
public:
    void add(Level level,
             const std::string& title,
             const std::string& words,
             const Place& at = {}) {
        constexpr int most = 10;
        if (++counts_[static_cast<std::size_t>(level)] > most) return;
        out_ += base::format("::{} ", level_words[static_cast<std::size_t>(level)]);
        if (!at.file.empty() && at.line > 0) {
            out_ += base::format("file={},line={},", escaped(at.file, true), at.line);
        }
        out_ += base::format("title={}::{}\n", escaped(title, true), escaped(words, false));
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
    std::array<int, level_words.size()> counts_{};
};

Level level_of(const std::string& verdict) {
    if (verdict == "fail" || verdict == "invalid") return Level::error;
    return verdict == "bypassed" ? Level::warning : Level::notice;
}

Place place_of(const gate::Provenance& from, std::size_t finding) {
    if (finding >= from.condition_lines.size()) return {};
    return {from.config, from.condition_lines[finding]};
}

}  // namespace

std::string github_annotations(const Material& material) {
    Writer writer;
    const auto word = verdict_word(material);
    const auto& verdict = material.verdict;
    std::string words = material.decision.sentence;
    for (const auto& reason : verdict.reasons) words += "\nbecause " + reason;
    writer.add(level_of(word), "performance gate: " + word, words);
    for (std::size_t i = 0; i < verdict.findings.size(); ++i) {
        const auto& finding = verdict.findings[i];
        if (finding.state == record::FindingState::held) continue;
        const bool missed = finding.state == record::FindingState::missed;
        const auto interval = interval_text(finding);
        writer.add(
            missed && !material.decision.allow ? Level::error : Level::warning, finding.condition,
            (missed ? "missed: " : "undecided: ") + finding.words +
                (interval.empty() || finding.about_baseline ? ""
                                                            : " (99 % interval " + interval + ")"),
            place_of(material.provenance, i));
    }
    for (const auto& signal : verdict.signals) {
        if (signal.note && signal.name != "slower than the last runs") continue;
        const auto who = signal.who.empty() ? "" : base::format(" ({} should look)", signal.who);
        writer.add(Level::warning, signal.name, signal.words + who);
    }
    return writer.take();
}

}  // namespace weir::report

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "gate/decision.h"
#include "judge/judge.h"
#include "record/codec.h"
#include "report/summary_json.h"
#include "report/summary_text.h"
#include "report/verdict_text.h"
#include "staged_runs.h"

namespace weir::golden {
namespace {

std::string contents(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The first line that differs says more than two whole texts.
std::string first_difference(const std::string& expected, const std::string& actual) {
    std::istringstream a(expected);
    std::istringstream b(actual);
    std::string left;
    std::string right;
    for (int line = 1;; ++line) {
        const bool more_left = static_cast<bool>(std::getline(a, left));
        const bool more_right = static_cast<bool>(std::getline(b, right));
        if (!more_left && !more_right) return "they differ in their last line break";
        if (more_left != more_right || left != right) {
            return "line " + std::to_string(line) +
                   "\n  expected: " + (more_left ? left : "(end)") +
                   "\n  rendered: " + (more_right ? right : "(end)");
        }
    }
}

void expect_golden(const std::string& name, const std::string& rendered) {
    const std::string path = std::string(GOLDEN_DIR) + "/" + name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
        std::ofstream(path, std::ios::binary) << rendered;
        return;
    }
    const std::string expected = contents(path);
    EXPECT_TRUE(expected == rendered) << name << ", " << first_difference(expected, rendered)
                                      << "\nUPDATE_GOLDEN=1 writes what is rendered now.";
}

class Rendered : public ::testing::TestWithParam<StagedRun> {};

TEST_P(Rendered, Summary) {
    const auto& run = GetParam();
    report::SummarySettings settings;
    settings.thresholds = run.criteria.thresholds;
    const std::string name = run.name;
    expect_golden(name + ".summary.txt", report::summary_text(run.record, settings, false));
    expect_golden(name + ".summary.json", report::summary_data(run.record, settings));
    expect_golden(name + ".export.json", report::summary_export(run.record, settings));
}

TEST_P(Rendered, Verdict) {
    const auto& run = GetParam();
    const auto verdict = judge::judge(run.record, run.criteria);
    const std::string name = run.name;
    expect_golden(name + ".verdict.txt",
                  report::verdict_text(run.record, verdict, gate::decide(verdict), false));
}

/// A terminal's colours change nothing but the colours.
TEST_P(Rendered, ColorsAreTheOnlyDifference) {
    const auto& run = GetParam();
    const auto without_colors = [](const std::string& text) {
        std::string plain;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\x1b') {
                i = text.find('m', i);
            } else {
                plain += text[i];
            }
        }
        return plain;
    };
    report::SummarySettings settings;
    settings.thresholds = run.criteria.thresholds;
    const std::string colored = report::summary_text(run.record, settings, true);
    EXPECT_NE(colored.find('\x1b'), std::string::npos);
    EXPECT_EQ(without_colors(colored), report::summary_text(run.record, settings, false));
    const auto verdict = judge::judge(run.record, run.criteria);
    const auto decision = gate::decide(verdict);
    EXPECT_EQ(without_colors(report::verdict_text(run.record, verdict, decision, true)),
              report::verdict_text(run.record, verdict, decision, false));
}

/// What is stored renders as what was live.
TEST_P(Rendered, StoredRecordsRenderAlike) {
    const auto& run = GetParam();
    const auto stored = record::decode(record::encode(run.record));
    ASSERT_TRUE(stored.ok()) << stored.error().text;
    const report::SummarySettings settings;
    EXPECT_EQ(report::summary_text(stored.value(), settings, false),
              report::summary_text(run.record, settings, false));
    EXPECT_EQ(report::summary_data(stored.value(), settings),
              report::summary_data(run.record, settings));
}

INSTANTIATE_TEST_SUITE_P(Staged,
                         Rendered,
                         ::testing::ValuesIn(staged_runs()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace weir::golden

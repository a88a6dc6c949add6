#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "base/json.h"
#include "gate/decision.h"
#include "judge/baseline.h"
#include "judge/judge.h"
#include "judge/request_figures.h"
#include "record/codec.h"
#include "report/bypass_text.h"
#include "report/document/document.h"
#include "report/history_text.h"
#include "report/junit.h"
#include "report/ledger_text.h"
#include "report/pipeline/annotations.h"
#include "report/pipeline/requests_csv.h"
#include "report/pipeline/summary_markdown.h"
#include "report/prove_text.h"
#include "report/short_summary.h"
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

/// As a gate would have kept it.
report::Material material_of(const StagedRun& run) {
    auto verdict = judge::judge(run.record, run.criteria);
    auto decision = gate::decide(verdict);
    auto compared = run.criteria.baseline;
    compared.on_slower = plan::SlowerPolicy::report;
    return {.record = run.record,
            .verdict = std::move(verdict),
            .decision = std::move(decision),
            .provenance = staged_provenance(),
            .changes =
                judge::baseline_changes(judge::request_figures(run.record), run.criteria.baseline),
            .baseline_runs = 20,
            .baseline_words = judge::words_of(compared)};
}

class Rendered : public ::testing::TestWithParam<StagedRun> {};

TEST_P(Rendered, Summary) {
    const auto& run = GetParam();
    report::SummarySettings settings;
    settings.thresholds = run.criteria.thresholds;
    const std::string name = run.name;
    expect_golden(name + ".summary.txt", report::summary_text(run.record, settings, false));
    expect_golden(name + ".short.txt",
                  report::short_summary(run.record, run.criteria.thresholds, false));
    expect_golden(name + ".summary.json", report::summary_data(run.record, settings));
    expect_golden(name + ".export.json", report::summary_export(run.record, settings));
}

TEST_P(Rendered, Verdict) {
    const auto& run = GetParam();
    const auto verdict = judge::judge(run.record, run.criteria);
    const std::string name = run.name;
    expect_golden(name + ".verdict.txt",
                  report::verdict_text(run.record, verdict, gate::decide(verdict), {}));
}

TEST_P(Rendered, JUnit) {
    const auto& run = GetParam();
    expect_golden(std::string(run.name) + ".junit.xml", report::junit_xml(material_of(run)));
}

/// A member a line, so that a difference can be read.
std::string lines_of(const std::string& json) {
    const auto document = base::parse_json(json);
    std::string lines;
    for (const auto& [key, value] : document.value().items()) {
        lines += "\"" + key + "\": ";
        if (!value.is_array()) lines += base::write_json(value) + "\n";
        if (value.is_array() && value.empty()) lines += "[]\n";
        if (value.is_array() && !value.empty()) {
            lines += "[\n";
            for (const auto& each : value) lines += base::write_json(each) + "\n";
            lines += "]\n";
        }
    }
    return lines;
}

TEST_P(Rendered, Report) {
    const auto material = material_of(GetParam());
    const std::string name = GetParam().name;
    expect_golden(name + ".report.txt", lines_of(report::report_json(material)));
    expect_golden(name + ".summary.md", report::summary_markdown(material));
    expect_golden(name + ".github.txt", report::github_annotations(material));
    expect_golden(name + ".csv", report::requests_csv(material.record));
}

/// A bypass changes what is done, and what is said of it; never what was found.
TEST(Report, OfABypassedRun) {
    const auto run = bad_run();
    auto material = material_of(run);
    material.provenance.bypass = gate::UsedBypass{
        .id = "b-1", .requester = "Ann", .approvers = {"Bob"}, .reason = "users wait"};
    material.decision = gate::decide(material.verdict, material.provenance.bypass);
    expect_golden("bypassed.summary.md", report::summary_markdown(material));
    expect_golden("bypassed.github.txt", report::github_annotations(material));
    const auto document = base::parse_json(report::report_json(material)).value();
    EXPECT_EQ(document["verdict"]["kind"], "bypassed");
    EXPECT_EQ(document["verdict"]["allowed"], true);
    EXPECT_EQ(document["findings"].size(), material.verdict.findings.size());
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
    EXPECT_EQ(without_colors(report::verdict_text(run.record, verdict, decision, {.colors = true})),
              report::verdict_text(run.record, verdict, decision, {}));
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

/// Twelve runs, newest first: the service became slower six runs ago; one was disturbed, one
/// killed.
std::vector<record::PastRun> past_runs() {
    std::vector<record::PastRun> runs;
    for (int age = 0; age < 14; ++age) {
        record::PastRun run;
        run.run_id = "run-" + std::to_string(age);
        run.suite = "sample";
        run.environment = "preprod";
        run.commit = age == 3 ? "c0ffee0123456789" : "commit" + std::to_string(age / 2);
        run.started = base::WallTime(std::chrono::hours(24 * (20'000 - age)));
        run.state = age == 1 ? record::RunState::abandoned : record::RunState::finished;
        if (age == 1) {
            runs.push_back(run);
            continue;
        }
        run.verdict = age == 2 ? "invalid" : age < 6 ? "fail" : "pass";
        run.reasons = {age < 6 ? "98 % of `page` under 2s: 91.00 % of 750 answered under 2s"
                               : "the one condition holds"};
        if (age == 2) run.signals = {{.name = "data drift", .hard = true, .words = {}, .who = {}}};
        record::Finding finding;
        finding.condition = "98 % of `page` under 2s";
        finding.value = (age < 6 ? 0.91 : 0.995) + 0.001 * (age % 3);
        finding.limit = 0.98;
        finding.samples = 750;
        run.findings = {finding};
        run.requests = {{"j", "page", 740, 10, 300, 250, (age < 6 ? 900.0 : 400.0) + age, 990, ""}};
        runs.push_back(run);
    }
    return runs;
}

TEST(History, IsRenderedForPeopleAndForPrograms) {
    expect_golden("history.txt", report::history_text(past_runs()));
    expect_golden("history.json", report::history_json(past_runs()));
    EXPECT_EQ(report::history_text({}), "no runs yet: `weir gate` keeps each of its runs here\n");
}

report::BypassLine bypass_called(const std::string& id) {
    const base::WallTime noon{base::Nanos(1'795'000'000'000'000'000)};
    report::BypassLine bypass;
    bypass.id = id;
    bypass.state = "pending";
    bypass.words = "0 of 1 approvals";
    bypass.suite = "shop";
    bypass.environment = "preprod";
    bypass.commit = "3f2a9c1";
    bypass.requester = "Ann";
    bypass.reason = "takes the pagination back";
    bypass.incident = "INC-1044";
    bypass.impact = "case workers cannot open any case";
    bypass.created = noon;
    bypass.expires = noon + std::chrono::hours(4);
    return bypass;
}

TEST(Bypasses, AreRenderedForPeopleAndForPrograms) {
    auto used = bypass_called("b-20261118-00000002");
    used.state = "used up";
    used.words = "its only use was taken";
    used.artefact = std::string(64, 'a');
    used.approvers = {"Bob", "Cid"};
    used.used_by = {"run-1"};
    used.notes = {"an approval by Ann does not count: Ann asked"};
    gate::Debt debt;
    debt.row = 7;
    debt.bypass = used.id;
    debt.run_id = "run-1";
    debt.suite = "shop";
    debt.environment = "preprod";
    debt.since = used.created;
    debt.conditions = {"98 % of `dashboard` under 2s", "at least 99 % checks"};
    auto other = debt;
    other.row = 9;
    other.conditions.clear();
    const std::vector bypasses{bypass_called("b-20261118-00000001"), used};
    expect_golden("bypasses.txt", report::bypasses_text(bypasses, {debt, other}));
    expect_golden("bypasses.json", report::bypasses_json(bypasses, {debt, other}));
    EXPECT_EQ(report::bypasses_text({}, {}), "no bypass\n");
}

TEST(Ledger, IsRenderedForPeopleAndForPrograms) {
    const auto row = [](std::uint64_t sequence, const char* kind, const char* content) {
        report::LedgerLine line;
        line.sequence = sequence;
        line.at = "2026-11-24T12:03:04.000000000Z";
        line.kind = kind;
        line.suite = "shop";
        line.environment = "preprod";
        line.commit = "3f2a9c1";
        line.bypass = "b-20261124-00000001";
        line.content = content;
        line.hash = std::string(64, 'f');
        return line;
    };
    const std::vector rows{
        row(1, "bypass requested", R"({"envelope":"{}"})"),
        row(2, "bypass refused", R"({"what":"approval","who":"Ann","why":"Ann asked for it"})"),
        row(3, "debt", R"({"use":2,"conditions":["at least 99 % checks"]})"),
        row(4, "debt cleared", R"({"debt":3})"), row(5, "bypass expired", "")};
    expect_golden("ledger.txt", report::ledger_text(rows));
    expect_golden("ledger.json", report::ledger_json(rows));
    EXPECT_EQ(report::ledger_text({}), "no row\n");
    const attest::ChainHead head{5, std::string(64, 'f')};
    expect_golden("ledger_whole.txt", report::ledger_proof_text(head, {}));
    const report::LedgerBreak broken{3, "dropped", "row 3 was dropped: no row has its number"};
    expect_golden("ledger_broken.txt", report::ledger_proof_text(head, broken));
    expect_golden("ledger_broken.json", report::ledger_proof_json(head, broken));
}

TEST(Proof, IsRenderedForPeopleAndForPrograms) {
    report::Proof proof;
    for (int i = 0; i < 20; ++i) {
        const std::string name = std::to_string(i);
        proof.runs.push_back({.bad = false,
                              .version = "fix",
                              .verdict = "pass",
                              .reason = {},
                              .result = "good-" + name,
                              .took = std::chrono::milliseconds(23'000 + i)});
        proof.runs.push_back({.bad = true,
                              .version = "unbounded",
                              .verdict = "fail",
                              .reason = "slow",
                              .result = "bad-" + name,
                              .took = std::chrono::milliseconds(14'000 + i)});
    }
    EXPECT_TRUE(report::holds(proof));
    proof.runs[4].verdict = "invalid";
    proof.runs[4].reason = "the generator stalled";
    proof.runs[5].verdict = "pass";
    EXPECT_FALSE(report::holds(proof));
    proof.smallest_asked = true;
    proof.smallest.tried = {{std::chrono::milliseconds(128), 5, 0},
                            {std::chrono::seconds(2), 5, 5}};
    proof.smallest.found = std::chrono::seconds(2);
    proof.smallest.unseen = std::chrono::milliseconds(128);
    expect_golden("prove.txt", report::prove_text(proof));
    expect_golden("prove.json", report::prove_json(proof));
    proof.ended_early = "interrupted";
    EXPECT_FALSE(report::holds(proof));
}

INSTANTIATE_TEST_SUITE_P(Staged,
                         Rendered,
                         ::testing::ValuesIn(staged_runs()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace weir::golden

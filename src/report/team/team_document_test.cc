// The documents of the team's page: what follows from runs, bypasses and debts.
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "report/team/bypasses_document.h"
#include "report/team/history_document.h"
#include "report/team/suites_document.h"
#include "report/team/trends.h"

namespace weir::report {
namespace {

using namespace std::chrono_literals;
using base::Json;
using record::FigureUnit;
using record::FindingState;
using record::PastRun;
using record::RunState;
using testing::ElementsAre;
using testing::HasSubstr;

const base::WallTime noon{base::Nanos(1'795'000'000'000'000'000)};

/// Runs of one suite, a day apart, as they come: oldest first.
class Runs {
public:
    PastRun& add(const std::string& verdict, const std::string& commit, double p95_ms) {
        auto& run = runs_.emplace_back();
        run.run_id = "run-" + std::to_string(runs_.size());
        run.suite = "cases";
        run.environment = "preprod";
        run.commit = commit;
        run.load = "25/s";
        run.started = noon + 24h * runs_.size();
        run.duration = 30s;
        run.state = RunState::finished;
        run.verdict = verdict;
        run.reasons = {"because <b> it is so"};
        record::Finding finding;
        finding.condition = "95 % of `page` under 300 ms";
        finding.state = p95_ms < 300 ? FindingState::held : FindingState::missed;
        finding.unit = FigureUnit::milliseconds;
        finding.value = p95_ms;
        finding.limit = 300;
        finding.samples = 700;
        finding.interval = {p95_ms - 5, p95_ms + 5};
        run.findings = {finding};
        record::RequestFigures request;
        request.journey = "browse";
        request.request = "page";
        request.answered = 700;
        request.failed = 3;
        request.median_ms = p95_ms / 2;
        request.p95_ms = p95_ms;
        run.requests = {request};
        return run;
    }
    [[nodiscard]] HistoryView view() const {
        HistoryView view;
        view.suite = "cases";
        view.environment = "preprod";
        view.last = 100;
        view.store.read_at = noon;
        view.runs.assign(runs_.rbegin(), runs_.rend());
        return view;
    }
    [[nodiscard]] Json document() const { return parsed(history_document(view())); }

    static Json parsed(const std::string& text) {
        auto json = base::parse_json(text);
        EXPECT_TRUE(json.ok());
        return json.ok() ? json.value() : Json();
    }

private:
    std::vector<PastRun> runs_;
};

TEST(HistoryDocument, SaysWhatIsToBeSeenInTheRuns) {
    Runs runs;
    for (int i = 0; i < 6; ++i) runs.add("pass", "abc", 200 + i % 2);
    auto& invalid = runs.add("invalid", "abc", 9000);
    invalid.signals = {{.name = "sign-in failed", .hard = true, .words = "no", .who = "Ann"},
                       {.name = "slow", .hard = false, .words = "soft", .who = "Bob"}};
    for (int i = 0; i < 6; ++i) runs.add("fail", i == 0 ? "def" : "ghi", 400 + i % 2);
    const auto json = runs.document();

    EXPECT_EQ(json["format"], "weir.history");
    EXPECT_EQ(json["version"], 1);
    EXPECT_EQ(json["store"], "read");
    EXPECT_EQ(json["asOf"], "2026-11-18T11:06:40.000000000Z");
    ASSERT_EQ(json["runs"].size(), 13U);
    const auto& first = json["runs"][0];
    EXPECT_EQ(first["id"], "run-1") << "oldest first";
    EXPECT_EQ(first["verdict"], "pass");
    EXPECT_EQ(first["durationSeconds"], 30);
    EXPECT_EQ(first["findings"]["held"], 1);
    EXPECT_EQ(first["requests"]["failed"], 3);
    EXPECT_EQ(first["reasons"][0], "because <b> it is so");
    EXPECT_FALSE(first.contains("report"));
    EXPECT_EQ(json["runs"][6]["signals"].size(), 1U) << "only what decided";

    ASSERT_EQ(json["deployments"].size(), 2U);
    EXPECT_EQ(json["deployments"][0], Json({{"run", 7}, {"from", "abc"}, {"to", "def"}}));

    const auto& trend = json["conditions"][0];
    EXPECT_EQ(trend["unit"], "ms");
    EXPECT_EQ(trend["values"][0], 200);
    EXPECT_TRUE(trend["values"][6].is_null()) << "an invalid run measured nothing";
    EXPECT_EQ(trend["limits"][12], 300);
    EXPECT_EQ(trend["states"][12], "missed");
    ASSERT_EQ(trend["changes"].size(), 1U);
    const auto& change = trend["changes"][0];
    EXPECT_EQ(change["run"], 7);
    EXPECT_DOUBLE_EQ(change["before"], 200.5);
    EXPECT_DOUBLE_EQ(change["after"], 400.5);
    EXPECT_EQ(change["deployment"], 0);
    EXPECT_EQ(change["words"],
              "from 200.5 ms to 400.5 ms (+100 %), first in the run of 2026-11-26 11:06 UTC, with "
              "def in place of abc");
    EXPECT_EQ(json["requests"][0]["p95Changes"].size(), 1U);
    EXPECT_EQ(json["requests"][0]["medianMs"][12], 200.5);
}

TEST(HistoryDocument, SaysHowSureRatesAre) {
    Runs runs;
    runs.add("pass", "a", 1);
    runs.add("fail", "a", 1);
    runs.add("pass", "b", 1);
    runs.add("pass", "b", 1);
    runs.add("invalid", "c", 1).signals = {
        {.name = "generator saturated", .hard = true, .words = "no", .who = "Ann"}};
    runs.add("", "d", 1).state = RunState::running;
    const auto json = runs.document();
    EXPECT_EQ(json["verdicts"]["pass"], 3);
    EXPECT_EQ(json["verdicts"]["running"], 1);
    EXPECT_EQ(json["flaky"]["hits"], 1);
    EXPECT_EQ(json["flaky"]["of"], 2);
    // Wilson, 1 of 2 at 95 %.
    EXPECT_NEAR(json["flaky"]["interval"][0].get<double>(), 0.0945, 0.0001);
    EXPECT_NEAR(json["flaky"]["interval"][1].get<double>(), 0.9055, 0.0001);
    EXPECT_EQ(json["flaky"]["words"],
              "1 of 2 commits that were tested more than once both passed and failed: 50 %, and in "
              "the long run between 9 % and 91 % (95 % sure)");
    EXPECT_EQ(json["invalid"]["hits"], 1);
    EXPECT_EQ(json["invalid"]["of"], 5) << "a run that goes on may still become anything";
    EXPECT_EQ(json["invalid"]["causes"][0]["name"], "generator saturated");
}

TEST(HistoryDocument, IsWholeWithoutRuns) {
    auto view = Runs().view();
    view.store.absent = true;
    const auto json = Runs::parsed(history_document(view));
    EXPECT_EQ(json["store"], "absent");
    for (const char* list : {"runs", "deployments", "conditions", "requests"}) {
        EXPECT_TRUE(json[list].is_array() && json[list].empty()) << list;
    }
    EXPECT_FALSE(json["flaky"].contains("share"));
    EXPECT_THAT(json["flaky"]["words"].get<std::string>(), HasSubstr("nothing can be said"));
    EXPECT_EQ(json["invalid"]["words"], "no run has ended yet");
    EXPECT_FALSE(json.contains("since"));
}

TEST(HistoryDocument, LeadsToReportsAndBypasses) {
    Runs runs;
    runs.add("fail", "a", 1);
    runs.add("fail", "a", 1);
    auto view = runs.view();
    view.bypasses["run-1"] = "b-1";
    view.reports["run-1"] = {.path = "reports/run-1/report.html", .words = ""};
    view.reports["run-2"] = {.path = "", .words = "it is not here"};
    const auto json = Runs::parsed(history_document(view));
    EXPECT_EQ(json["runs"][0]["bypass"], "b-1");
    EXPECT_EQ(json["runs"][0]["report"], "reports/run-1/report.html");
    EXPECT_EQ(json["runs"][1]["noReport"], "it is not here");
    EXPECT_EQ(json["verdicts"]["bypassed"], 1);
}

TEST(HistoryDocument, LastsThroughWhatNoDatabaseShouldHold) {
    Runs runs;
    auto& run = runs.add("fail\xFF", "a\xC3", std::numeric_limits<double>::quiet_NaN());
    run.findings[0].unit = static_cast<FigureUnit>(77);
    run.findings[0].state = static_cast<FindingState>(77);
    run.state = static_cast<RunState>(77);
    runs.add("pass", "b", std::numeric_limits<double>::infinity());
    const auto json = runs.document();
    EXPECT_EQ(json["runs"].size(), 2U);
    EXPECT_EQ(json["runs"][0]["state"], "abandoned");
}

TEST(Trends, ConditionsAreInTheNewestRunsOrder) {
    std::vector<PastRun> runs(2);
    for (auto& run : runs) run.verdict = "pass";
    const auto finding = [](const char* name) {
        record::Finding made;
        made.condition = name;
        made.samples = 1;
        return made;
    };
    runs[0].findings = {finding("gone"), finding("b"), finding("a")};
    runs[1].findings = {finding("a"), finding("b"), finding("new")};
    std::vector<std::string> names;
    for (const auto& each : condition_trends(runs)) names.push_back(each.condition);
    EXPECT_THAT(names, ElementsAre("a", "b", "new", "gone"));
}

TEST(Trends, AChangeIsOfTheDeploymentThatCameJustBefore) {
    const Values values{1, 1, 1, 1, std::nullopt, 9, 9, 9, 9};
    const std::vector<Deployment> deployments{{2, "a", "b"}, {4, "b", "c"}, {7, "c", "d"}};
    const auto changes = changes_of(values, deployments);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].run, 5U);
    EXPECT_EQ(changes[0].deployment, 1U) << "the run in between tested it, but measured nothing";
    EXPECT_FALSE(changes_of(values, {}).at(0).deployment);
    EXPECT_TRUE(changes_of({}, deployments).empty());
}

TEST(BypassesDocument, SaysWhatIsOpenAndOwed) {
    BypassesView view;
    view.suite = "cases";
    view.store.read_at = noon;
    view.rows = 12;
    view.used_in_30_days = 2;
    BypassLine line;
    line.id = "b-1";
    line.state = "valid";
    line.expires = noon + 1h;
    line.commit = "abc";
    view.open = {line};
    gate::Debt debt;
    debt.bypass = "b-0";
    debt.conditions = {"98 % of `page` under 2s"};
    view.debts = {debt};
    const auto json = Runs::parsed(bypasses_document(view));
    EXPECT_EQ(json["format"], "weir.bypasses");
    EXPECT_EQ(json["open"][0]["commit"], "abc");
    EXPECT_FALSE(json["open"][0].contains("artefact"));
    EXPECT_EQ(json["open"][0]["expires"], "2026-11-18T12:06:40.000000000Z");
    EXPECT_EQ(json["debts"][0]["conditions"][0], "98 % of `page` under 2s");
    EXPECT_EQ(json["usedIn30Days"], 2);
    EXPECT_EQ(json["ledger"]["whole"], true);
    view.whole = false;
    view.broken_words = "row 3 was edited";
    EXPECT_EQ(Runs::parsed(bypasses_document(view))["ledger"]["words"], "row 3 was edited");
}

TEST(SuitesDocument, ListsThem) {
    const auto json = Runs::parsed(suites_document({.read_at = noon}, {{"cases", "", 3, noon}}));
    EXPECT_EQ(json["format"], "weir.suites");
    EXPECT_EQ(json["suites"][0]["environment"], "");
    EXPECT_EQ(json["suites"][0]["runs"], 3);
}

}  // namespace
}  // namespace weir::report

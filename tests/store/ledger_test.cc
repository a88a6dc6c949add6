// The ledger's contract, on SQLite and on a PostgreSQL server of its own.
#include "ledger/ledger.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sample/testing/cluster.h"

namespace weir::ledger {
namespace {

using namespace std::chrono_literals;
using record::PastRun;
using record::RunState;
using testing::HasSubstr;

const base::WallTime noon{base::Nanos(1'795'000'000'000'000'000)};

PastRun run_called(const std::string& id, base::Nanos after_noon = {}) {
    PastRun run;
    run.run_id = id;
    run.suite = "sample";
    run.environment = "preprod";
    run.commit = "c0ffee";
    run.base_url = "http://service.test";
    run.started = noon + after_noon;
    return run;
}

PastRun finished(PastRun run, const std::string& verdict) {
    run.verdict = verdict;
    run.duration = 30s;
    run.state = RunState::finished;
    run.reasons = {"first", "it's the second; DROP TABLE weir_run"};
    record::Finding finding;
    finding.condition = "98 % of `page` under 2s";
    finding.state = record::FindingState::missed;
    finding.value = 0.1 + 0.2;
    finding.limit = 0.98;
    finding.samples = 750;
    finding.interval = {0.25, 0.375};
    finding.decided = true;
    finding.words = "words";
    run.findings = {finding};
    run.signals = {{.name = "sign-in failed", .hard = true, .words = "no", .who = "somebody"}};
    run.requests = {{"journey", "page", 740, 10, 1.5, 1.25, 3.5, 4.75, "HISTFAAAA"}};
    return run;
}

/// A scratch directory, and a PostgreSQL server in it for that half of the tests.
class Store : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        if (on_postgres() && !sample::Cluster::missing().empty()) {
            GTEST_SKIP() << sample::Cluster::missing();
        }
        if (on_postgres()) {
            cluster = std::make_unique<sample::Cluster>();
            ASSERT_TRUE(cluster->running()) << cluster->log();
            url = cluster->address();
            return;
        }
        char pattern[] = "/tmp/weir-store-XXXXXX";
        directory = mkdtemp(pattern);
        url = "sqlite:" + directory + "/history.db";
    }
    void TearDown() override {
        if (!directory.empty()) std::filesystem::remove_all(directory);
    }
    [[nodiscard]] bool on_postgres() const { return std::string_view(GetParam()) == "postgres"; }

    Ledger open() {
        auto ledger = Ledger::open(url);
        EXPECT_TRUE(ledger.ok()) << ledger.error().text;
        return std::move(ledger).value();
    }

    std::string directory;
    std::string url;
    std::unique_ptr<sample::Cluster> cluster;
};

TEST_P(Store, GivesBackWhatWasKept) {
    const auto first = finished(run_called("a"), "fail");
    {
        Ledger ledger = open();
        ASSERT_TRUE(ledger.begin(first).ok());
        const auto kept = ledger.finish(first);
        ASSERT_TRUE(kept.ok()) << kept.error().text;
        auto other = run_called("b", 1s);
        other.environment = "local";
        ASSERT_TRUE(ledger.begin(other).ok());
    }
    Ledger ledger = open();
    const auto all = ledger.runs({}, noon + 2s);
    ASSERT_TRUE(all.ok()) << all.error().text;
    ASSERT_EQ(all.value().size(), 2U);
    EXPECT_EQ(all.value()[0].run_id, "b") << "newest first";
    EXPECT_EQ(all.value()[0].state, RunState::running);
    const auto& back = all.value()[1];
    EXPECT_EQ(back.state, RunState::finished);
    EXPECT_EQ(back.verdict, "fail");
    EXPECT_EQ(back.commit, "c0ffee");
    EXPECT_EQ(back.started, first.started);
    EXPECT_EQ(back.duration, first.duration);
    EXPECT_EQ(back.reasons, first.reasons);
    ASSERT_EQ(back.findings.size(), 1U);
    EXPECT_EQ(back.findings[0], first.findings[0]);
    EXPECT_EQ(back.findings[0].value, first.findings[0].value) << "to the last bit";
    EXPECT_EQ(back.findings[0].interval.high, 0.375);
    ASSERT_EQ(back.signals.size(), 1U);
    EXPECT_TRUE(back.signals[0].hard);
    EXPECT_EQ(back.requests, first.requests);

    RunFilter local;
    local.environment = "local";
    EXPECT_EQ(ledger.runs(local, noon).value().size(), 1U);
    RunFilter valid;
    valid.valid_only = true;
    EXPECT_EQ(ledger.runs(valid, noon).value().size(), 1U);
    RunFilter one;
    one.most = 1;
    EXPECT_EQ(ledger.runs(one, noon).value().size(), 1U);
}

TEST_P(Store, ASilentRunIsAbandoned) {
    Ledger ledger = open();
    ASSERT_TRUE(ledger.begin(run_called("a")).ok());
    ASSERT_TRUE(ledger.beat("a", noon + 100s).ok());
    EXPECT_EQ(ledger.runs({}, noon + 130s).value()[0].state, RunState::running);
    EXPECT_EQ(ledger.runs({}, noon + 200s).value()[0].state, RunState::abandoned);
}

TEST_P(Store, ManyPipelinesWriteAtOnce) {
    constexpr int writers = 4;
    constexpr int runs = 10;
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w) {
        threads.emplace_back([this, w] {
            Ledger ledger = open();  // all of them make the tables
            for (int i = 0; i < runs; ++i) {
                const auto run = finished(run_called(std::to_string(w * 100 + i)), "pass");
                const auto begun = ledger.begin(run);
                EXPECT_TRUE(begun.ok()) << begun.error().text;
                const auto kept = ledger.finish(run);
                EXPECT_TRUE(kept.ok()) << kept.error().text;
            }
        });
    }
    for (auto& each : threads) each.join();
    Ledger ledger = open();
    RunFilter valid;
    valid.valid_only = true;
    EXPECT_EQ(ledger.runs(valid, noon).value().size(), writers * runs + 0U);
}

TEST_P(Store, AKilledWriterLosesNothingEarlierAndLeavesNothingHalf) {
    { (void)open(); }
    for (int attempt = 0; attempt < 12; ++attempt) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            auto ledger = Ledger::open(url);
            for (int i = 0; ledger.ok(); ++i) {
                const auto run =
                    finished(run_called(std::to_string(attempt) + "-" + std::to_string(i)), "pass");
                if (!ledger.value().begin(run).ok() || !ledger.value().finish(run).ok()) break;
            }
            _exit(1);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + 9 * attempt));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "it gave up by itself";
    }
    Ledger ledger = open();
    RunFilter all;
    all.most = 100'000;
    const auto runs = ledger.runs(all, noon);
    ASSERT_TRUE(runs.ok()) << runs.error().text;
    EXPECT_GT(runs.value().size(), 12U);
    std::size_t unfinished = 0;
    for (const auto& run : runs.value()) {
        const bool whole = run.findings.size() == 1 && run.reasons.size() == 2 &&
                           run.requests.size() == 1 && run.signals.size() == 1;
        const bool begun = run.findings.empty() && run.reasons.empty();
        EXPECT_TRUE(run.state == RunState::finished ? whole : begun) << run.run_id;
        unfinished += run.state == RunState::finished ? 0 : 1;
    }
    EXPECT_LE(unfinished, 12U) << "at most one of each killed writer";
}

TEST_P(Store, TheTablesOfANewerWeirAreLeftAlone) {
    {
        Ledger ledger = open();
        ASSERT_TRUE(ledger.begin(run_called("a")).ok());
    }
    const std::string sql = "INSERT INTO weir_schema (version) VALUES (999)";
    const std::string command =
        on_postgres() ? "psql -q '" + url + "' -c '" + sql + "'"
                      : "python3 -c \"import sqlite3; d = sqlite3.connect('" + directory +
                            "/history.db'); d.execute('" + sql + "'); d.commit()\"";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const auto ledger = Ledger::open(url);
    ASSERT_FALSE(ledger.ok());
    EXPECT_THAT(ledger.error().text, HasSubstr("newer Weir"));
}

INSTANTIATE_TEST_SUITE_P(Databases,
                         Store,
                         testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

TEST(SqliteStore, AFileThatIsNoDatabaseIsNotTouched) {
    char pattern[] = "/tmp/weir-store-XXXXXX";
    const std::string path = std::string(mkdtemp(pattern)) + "/notes.txt";
    const std::string text(5000, 'x');
    std::ofstream(path) << text;
    const auto ledger = Ledger::open("sqlite:" + path);
    ASSERT_FALSE(ledger.ok());
    EXPECT_THAT(ledger.error().text, HasSubstr("no SQLite database"));
    EXPECT_EQ(std::filesystem::file_size(path), text.size());
    std::filesystem::remove_all(std::filesystem::path(path).parent_path());
}

TEST(PostgresStore, ThatIsNotThereIsSaidWithoutThePassword) {
    const auto ledger = Ledger::open("postgresql://weir:s3cret@127.0.0.1:1/weir");
    ASSERT_FALSE(ledger.ok());
    EXPECT_THAT(ledger.error().text, HasSubstr("postgresql://weir:***@127.0.0.1:1/weir"));
    EXPECT_THAT(ledger.error().text, testing::Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace weir::ledger

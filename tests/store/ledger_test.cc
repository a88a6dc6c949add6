// The ledger's contract, on SQLite and on a PostgreSQL server of its own.
#include "ledger/ledger.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/wall_text.h"
#include "sample/testing/cluster.h"
#include "tests/store/store.h"

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
    run.load = "25/s";
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
    EXPECT_EQ(back.load, "25/s");
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
    RunFilter judged;
    judged.verdict = "fail";
    EXPECT_EQ(ledger.runs(judged, noon).value().size(), 1U);
    RunFilter loaded;
    loaded.load = "25/s";
    EXPECT_EQ(ledger.runs(loaded, noon).value().size(), 2U);
    loaded.load = "50/s";
    EXPECT_TRUE(ledger.runs(loaded, noon).value().empty());
    RunFilter late;
    late.since = record::to_text(noon + 1s);
    EXPECT_EQ(ledger.runs(late, noon).value().size(), 1U);
    late.since = record::to_text(noon).substr(0, 10);  // the day
    EXPECT_EQ(ledger.runs(late, noon).value().size(), 2U);
    RunFilter one;
    one.most = 1;
    EXPECT_EQ(ledger.runs(one, noon).value().size(), 1U);
}

TEST_P(Store, SaysWhenASuitesRunsWereUnderWay) {
    auto ledger = open();
    auto other = run_called("other", 5s);
    other.suite = "another";
    for (const auto& run : {run_called("ended"), run_called("killed", 10s), other,
                            run_called("lasting", 20s), run_called("before", -1h)}) {
        ASSERT_TRUE(ledger.begin(run).ok());
    }
    ASSERT_TRUE(ledger.beat("ended", noon + 40s).ok());
    ASSERT_TRUE(ledger.finish(finished(run_called("ended"), "pass")).ok());
    ASSERT_TRUE(ledger.beat("lasting", noon + 90s).ok());
    const auto spans = ledger.spans("sample", noon, noon + 100s);
    ASSERT_TRUE(spans.ok()) << spans.error().text;
    std::vector<std::string> found;
    for (const auto& span : spans.value()) {
        EXPECT_EQ(span.suite + span.environment + span.base_url,
                  "samplepreprodhttp://service.test");
        found.push_back(span.run_id + (span.under_way ? " lasts, " : " to ") +
                        record::to_text(span.last_seen).substr(11, 8));
    }
    const auto clock = [](base::Nanos after) {
        return record::to_text(noon + after).substr(11, 8);
    };
    EXPECT_THAT(found, testing::ElementsAre("lasting lasts, " + clock(90s),
                                            "killed to " + clock(10s), "ended to " + clock(40s)));
}

TEST_P(Store, IsReadByThoseWhoMayChangeNothing) {
    const auto absent = Ledger::open_to_read(url);
    ASSERT_FALSE(absent.ok());
    EXPECT_EQ(absent.error().code, base::Code::not_found) << absent.error().text;
    EXPECT_FALSE(std::filesystem::exists(directory + "/history.db")) << "a reader makes nothing";
    {
        Ledger writer = open();
        const auto run = finished(run_called("a"), "fail");
        ASSERT_TRUE(writer.begin(run).ok());
        ASSERT_TRUE(writer.finish(run).ok());
    }
    auto reader = Ledger::open_to_read(url);
    ASSERT_TRUE(reader.ok()) << reader.error().text;
    const auto runs = reader.value().runs({}, noon);
    ASSERT_TRUE(runs.ok()) << runs.error().text;
    EXPECT_EQ(runs.value().at(0).findings.size(), 1U);
    EXPECT_TRUE(reader.value().first_broken().ok());
    EXPECT_FALSE(reader.value().audit(noon, [](AuditTurn&) { return base::Result<void>(); }).ok());
}

TEST_P(Store, OfAnotherVersionIsNotTouchedByAReader) {
    (void)open();
    ASSERT_TRUE(by_hand("DELETE FROM weir_schema WHERE version > 1;"));
    const auto reader = Ledger::open_to_read(url);
    ASSERT_FALSE(reader.ok());
    EXPECT_EQ(reader.error().code, base::Code::invalid);
    EXPECT_THAT(reader.error().text, HasSubstr("brings them up to date"));
}

TEST_P(Store, ListsItsSuitesAndTellsNamelessEnvironmentsApart) {
    Ledger ledger = open();
    auto nameless = run_called("a");
    nameless.environment.clear();
    auto other = run_called("b", 1s);
    other.suite = "other";
    for (const auto& run : {nameless, other, run_called("c", 2s), run_called("d", 3s)}) {
        ASSERT_TRUE(ledger.begin(run).ok());
    }
    const auto suites = ledger.suites();
    ASSERT_TRUE(suites.ok()) << suites.error().text;
    ASSERT_EQ(suites.value().size(), 3U);
    EXPECT_EQ(suites.value()[0].environment, "preprod") << "the newest run's is first";
    EXPECT_EQ(suites.value()[0].runs, 2U);
    EXPECT_EQ(suites.value()[0].newest, noon + 3s);
    EXPECT_EQ(suites.value()[1].suite, "other");
    EXPECT_EQ(suites.value()[2].environment, "");

    RunFilter filter;
    filter.suite = "sample";
    EXPECT_EQ(ledger.runs(filter, noon).value().size(), 3U);
    filter.exactly = true;
    const auto exact = ledger.runs(filter, noon);
    ASSERT_TRUE(exact.ok()) << exact.error().text;
    ASSERT_EQ(exact.value().size(), 1U);
    EXPECT_EQ(exact.value()[0].run_id, "a");
}

TEST_P(Store, GivesManyRunsEachItsOwnParts) {
    constexpr int many = 250;  // more than are asked for at once
    Ledger ledger = open();
    for (int i = 0; i < many; ++i) {
        auto run = finished(run_called("r" + std::to_string(i), i * 1s), "pass");
        run.reasons = {run.run_id, "second"};
        run.requests[0].answered = static_cast<std::uint64_t>(i);
        ASSERT_TRUE(ledger.begin(run).ok());
        ASSERT_TRUE(ledger.finish(run).ok());
    }
    RunFilter filter;
    filter.most = many;
    filter.histograms = false;
    const auto runs = ledger.runs(filter, noon);
    ASSERT_TRUE(runs.ok()) << runs.error().text;
    ASSERT_EQ(runs.value().size(), static_cast<std::size_t>(many));
    for (const auto& run : runs.value()) {
        EXPECT_THAT(run.reasons, testing::ElementsAre(run.run_id, "second"));
        ASSERT_EQ(run.requests.size(), 1U);
        EXPECT_EQ("r" + std::to_string(run.requests[0].answered), run.run_id);
        EXPECT_EQ(run.requests[0].histogram, "");
        EXPECT_EQ(run.findings.size(), 1U);
        EXPECT_EQ(run.signals.size(), 1U);
    }
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
    RunFilter judged;
    judged.verdict = "pass";
    EXPECT_EQ(ledger.runs(judged, noon).value().size(), writers * runs + 0U);
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
    ASSERT_TRUE(by_hand("INSERT INTO weir_schema (version) VALUES (999)"));
    const auto ledger = Ledger::open(url);
    ASSERT_FALSE(ledger.ok());
    EXPECT_THAT(ledger.error().text, HasSubstr("newer Weir"));
}

class OldStore : public Store {
protected:
    /// `load`: what the version knew of the old run's.
    void bring_up_to_date(const char* sql, const std::string& load) {
        std::ifstream file(sql);
        ASSERT_TRUE(by_hand({std::istreambuf_iterator<char>(file), {}}));
        Ledger ledger = open();
        ASSERT_TRUE(ledger.begin(run_called("new")).ok());
        const auto runs = ledger.runs({}, noon);
        ASSERT_TRUE(runs.ok()) << runs.error().text;
        ASSERT_EQ(runs.value().size(), 2U);
        EXPECT_EQ(runs.value()[0].load, "25/s");
        EXPECT_EQ(runs.value()[1].run_id, "old");
        EXPECT_EQ(runs.value()[1].verdict, "pass");
        EXPECT_EQ(runs.value()[1].load, load);
        const auto appended = ledger.audit(noon, [](AuditTurn& turn) -> base::Result<void> {
            TRY(const auto row, turn.append({.kind = "debt"}));
            EXPECT_EQ(row.link.sequence, 1U);
            return {};
        });
        EXPECT_TRUE(appended.ok()) << appended.error().text;
        EXPECT_TRUE(ledger.join_queue({.environment = "preprod"}, noon).ok());
    }
};

TEST_P(OldStore, OfTheFirstVersionIsBroughtUpToDate) {
    bring_up_to_date(WEIR_STORE_VERSION_1, "");
}
TEST_P(OldStore, OfTheSecondVersionIsBroughtUpToDate) {
    bring_up_to_date(WEIR_STORE_VERSION_2, "25/s");
}

WEIR_ON_BOTH_DATABASES(OldStore);
WEIR_ON_BOTH_DATABASES(Store);

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

TEST(SqliteStore, WhatCannotBeMadeIsNamed) {
    const auto ledger = Ledger::open("sqlite:/proc/weir/history.db");
    ASSERT_FALSE(ledger.ok());
    EXPECT_THAT(ledger.error().text, HasSubstr("/proc/weir"));
}

TEST(SqliteStore, AFullDiskLosesNothingEarlier) {
    char pattern[] = "/tmp/weir-store-XXXXXX";
    const std::string directory = mkdtemp(pattern);
    const std::string url = "sqlite:" + directory + "/history.db";
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        // No file may grow beyond this: to SQLite a disk without room.
        const rlimit little{2'000'000, 2'000'000};
        if (setrlimit(RLIMIT_FSIZE, &little) != 0) _exit(1);
        (void)signal(SIGXFSZ, SIG_IGN);
        auto ledger = Ledger::open(url);
        if (!ledger.ok()) _exit(2);
        for (int i = 0; i < 10'000; ++i) {
            const auto run = finished(run_called(std::to_string(i)), "pass");
            auto kept = ledger.value().begin(run);
            if (kept.ok()) kept = ledger.value().finish(run);
            if (kept.ok()) continue;
            std::ofstream(directory + "/said") << kept.error().text;
            _exit(i > 20 ? 0 : 3);
        }
        _exit(4);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << "exit status " << WEXITSTATUS(status);
    std::string said;
    std::getline(std::ifstream(directory + "/said"), said);
    EXPECT_THAT(said, HasSubstr("disk"));
    auto ledger = Ledger::open(url);
    ASSERT_TRUE(ledger.ok()) << ledger.error().text;
    RunFilter all;
    all.most = 100'000;
    const auto runs = ledger.value().runs(all, noon);
    ASSERT_TRUE(runs.ok()) << runs.error().text;
    EXPECT_GT(runs.value().size(), 20U);
    EXPECT_LE(std::count_if(runs.value().begin(), runs.value().end(),
                            [](const auto& run) { return run.findings.empty(); }),
              1);
    std::filesystem::remove_all(directory);
}

TEST(PostgresStore, AReaderNeedsTheRightToReadAlone) {
    if (!sample::Cluster::missing().empty()) GTEST_SKIP() << sample::Cluster::missing();
    const sample::Cluster cluster;
    ASSERT_TRUE(cluster.running()) << cluster.log();
    {
        auto writer = Ledger::open(cluster.address());
        ASSERT_TRUE(writer.ok()) << writer.error().text;
        ASSERT_TRUE(writer.value().begin(run_called("a")).ok());
    }
    const std::string grant = "psql -q '" + cluster.address() +
                              "' -c 'CREATE ROLE reader' "
                              "-c 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader'";
    ASSERT_EQ(std::system(grant.c_str()), 0);
    // Every statement from now on with the reader's rights.
    const bool has_options = cluster.address().find('?') != std::string::npos;
    auto reader =
        Ledger::open(cluster.address() + (has_options ? "&" : "?") + "options=-crole%3Dreader");
    ASSERT_TRUE(reader.ok()) << reader.error().text;
    const auto runs = reader.value().runs({}, noon);
    ASSERT_TRUE(runs.ok()) << runs.error().text;
    EXPECT_EQ(runs.value().size(), 1U);
    const auto refused = reader.value().begin(run_called("b"));
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().text, HasSubstr("permission denied"));
}

TEST(PostgresStore, APasswordThatBreaksTheUrlIsInNoText) {
    for (const std::string url :
         {"postgresql://weir:s3cr@et@db.test/weir", "postgresql://weir:s3c/ret@db.test/weir",
          "postgresql://weir:s3c%ret@db.test/weir"}) {
        const auto ledger = Ledger::open(url);
        ASSERT_FALSE(ledger.ok());
        EXPECT_THAT(ledger.error().text, HasSubstr("is written %40")) << url;
        for (const char* part : {"s3c", "ret"}) {
            EXPECT_THAT(ledger.error().text, testing::Not(HasSubstr(part))) << url;
        }
    }
    EXPECT_EQ(without_password("postgresql://h/db?sslpassword=a&password=b&x=c"),
              "postgresql://h/db?sslpassword=***&password=***&x=c");
}

TEST(PostgresStore, AServerThatNeverAnswersIsGivenUp) {
    const int listening = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(bind(listening, raw, size), 0);
    ASSERT_EQ(listen(listening, 1), 0);
    ASSERT_EQ(getsockname(listening, raw, &size), 0);
    const auto ledger = Ledger::open(
        "postgresql://weir@127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/weir");
    ASSERT_FALSE(ledger.ok());
    EXPECT_THAT(ledger.error().text, HasSubstr("timeout expired"));
    close(listening);
}

TEST(PostgresStore, ThatIsNotThereIsSaidWithoutThePassword) {
    const auto ledger = Ledger::open("postgresql://weir:s3cret@127.0.0.1:1/weir");
    ASSERT_FALSE(ledger.ok());
    EXPECT_THAT(ledger.error().text, HasSubstr("postgresql://weir:***@127.0.0.1:1/weir"));
    EXPECT_THAT(ledger.error().text, testing::Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace weir::ledger

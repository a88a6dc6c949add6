// The lease's contract on both databases: one holder, first come first served, silent ones are out.
#include "ledger/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/format.h"
#include "record/wall_text.h"
#include "tests/store/store.h"

namespace weir::ledger {
namespace {

using namespace std::chrono_literals;

const base::WallTime noon{base::Nanos(1'795'000'000'000'000'000)};

class Lease : public Store {
protected:
    LeaseTicket join(Ledger& ledger, const std::string& run, const std::string& where = "preprod") {
        const auto number = ledger.join_queue(
            {.environment = where, .run_id = run, .suite = "sample", .pipeline = "pipeline/" + run},
            noon);
        EXPECT_TRUE(number.ok()) << number.error().text;
        return {.environment = where, .number = number.value()};
    }
    LeaseQueue look(Ledger& ledger, const LeaseTicket& ticket) {
        const auto queue = ledger.look_at_queue(ticket, noon);
        EXPECT_TRUE(queue.ok()) << queue.error().text;
        return queue.value();
    }
    /// As if the run had been killed a minute ago.
    void silence(const std::string& run) {
        const auto at = record::to_text(
            on_postgres() ? base::WallTime(std::chrono::system_clock::now()) - 60s : noon - 60s);
        ASSERT_TRUE(by_hand(
            base::format("UPDATE weir_lease SET beat_at = '{}' WHERE run_id = '{}';", at, run)));
    }
};

TEST_P(Lease, WhoComesFirstHoldsItAndTheNextWaitInTheirOrder) {
    Ledger ledger = open();
    const auto a = join(ledger, "a");
    const auto b = join(ledger, "b");
    const auto c = join(ledger, "c");
    EXPECT_TRUE(look(ledger, a).held());
    const auto seen = look(ledger, c);
    EXPECT_FALSE(seen.held());
    EXPECT_EQ(seen.mine, std::size_t{2});
    ASSERT_EQ(seen.places.size(), 3U);
    EXPECT_EQ(seen.places[0].run_id, "a");
    EXPECT_EQ(seen.places[0].pipeline, "pipeline/a");
    EXPECT_NE(seen.places[0].held_since, base::WallTime{});
    EXPECT_EQ(seen.places[1].run_id, "b");
    ASSERT_TRUE(ledger.leave_queue(a).ok());
    EXPECT_FALSE(look(ledger, c).held()) << "b was there before";
    EXPECT_TRUE(look(ledger, b).held());
    ASSERT_TRUE(ledger.leave_queue(b).ok());
    EXPECT_TRUE(look(ledger, c).held());
}

TEST_P(Lease, WhoLeavesTheQueueIsPassedOver) {
    Ledger ledger = open();
    const auto a = join(ledger, "a");
    const auto b = join(ledger, "b");
    const auto c = join(ledger, "c");
    ASSERT_TRUE(ledger.leave_queue(b).ok());
    ASSERT_TRUE(ledger.leave_queue(a).ok());
    EXPECT_TRUE(look(ledger, c).held());
}

TEST_P(Lease, EnvironmentsAreApart) {
    Ledger ledger = open();
    EXPECT_TRUE(look(ledger, join(ledger, "a")).held());
    EXPECT_TRUE(look(ledger, join(ledger, "b", "local")).held());
}

TEST_P(Lease, AKilledHoldersPlaceIsTakenAndItWouldNotice) {
    Ledger ledger = open();
    const auto a = join(ledger, "a");
    const auto b = join(ledger, "b");
    ASSERT_TRUE(look(ledger, a).held());
    EXPECT_FALSE(look(ledger, b).held());
    silence("a");
    EXPECT_TRUE(look(ledger, b).held());
    EXPECT_GT(b.number, a.number) << "the token that counts is the greater one";
    const auto seen = look(ledger, a);
    EXPECT_EQ(seen.mine, std::nullopt) << "it was taken from it";
    EXPECT_EQ(seen.places.at(0).run_id, "b");
    ASSERT_TRUE(ledger.leave_queue(a).ok());
    EXPECT_TRUE(look(ledger, b).held()) << "a late leave takes nothing from the next";
}

TEST_P(Lease, AKilledWaiterHoldsNobodyUp) {
    Ledger ledger = open();
    const auto a = join(ledger, "a");
    join(ledger, "b");
    const auto c = join(ledger, "c");
    silence("b");
    ASSERT_TRUE(ledger.leave_queue(a).ok());
    EXPECT_TRUE(look(ledger, c).held());
}

TEST_P(Lease, ASignOfLifeKeepsIt) {
    if (on_postgres()) GTEST_SKIP() << "the server's clock goes its own way";
    Ledger ledger = open();
    const auto a = join(ledger, "a");
    const auto b = join(ledger, "b");
    for (const auto later : {20s, 40s, 60s}) {
        EXPECT_TRUE(ledger.look_at_queue(a, noon + later).value().held());
        EXPECT_EQ(ledger.look_at_queue(b, noon + later).value().mine, std::size_t{1});
    }
    EXPECT_FALSE(ledger.look_at_queue(b, noon + 80s).value().held());
    EXPECT_TRUE(ledger.look_at_queue(b, noon + 95s).value().held()) << "a is silent since 60";
}

TEST_P(Lease, TicketsNeverComeBack) {
    Ledger ledger = open();
    const auto a = join(ledger, "a");
    ASSERT_TRUE(ledger.leave_queue(a).ok());
    EXPECT_GT(join(ledger, "a").number, a.number);
}

TEST_P(Lease, OfManyProcessesAtOnceOneHoldsIt) {
    { (void)open(); }
    constexpr int racers = 6;
    std::vector<pid_t> children;
    for (int i = 0; i < racers; ++i) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            auto ledger = Ledger::open(url);
            if (!ledger.ok()) _exit(100);
            const auto number = ledger.value().join_queue(
                {.environment = "preprod", .run_id = std::to_string(i)}, noon);
            if (!number.ok()) _exit(101);
            const auto queue = ledger.value().look_at_queue({"preprod", number.value()}, noon);
            _exit(!queue.ok() ? 102 : queue.value().held() ? 1 : 0);
        }
        children.push_back(child);
    }
    int holders = 0;
    for (const pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFEXITED(status));
        holders += WEXITSTATUS(status);
    }
    EXPECT_EQ(holders, 1);
}

WEIR_ON_BOTH_DATABASES(Lease);

}  // namespace
}  // namespace weir::ledger

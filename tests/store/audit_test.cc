// The audit chain's contract on both databases: order, atomic turns, and that no change goes
// unnoticed.
#include "ledger/audit.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/format.h"
#include "record/wall_text.h"
#include "tests/store/store.h"

namespace weir::ledger {
namespace {

using testing::HasSubstr;

const base::WallTime noon{base::Nanos(1'795'000'000'000'000'000)};

/// One row of its own turn.
base::Result<attest::ChainEntry> append(Ledger& ledger, const AuditEntry& entry) {
    attest::ChainEntry link;
    TRY_VOID(ledger.audit(noon, [&](AuditTurn& turn) -> base::Result<void> {
        TRY(const auto row, turn.append(entry));
        link = row.link;
        return {};
    }));
    return link;
}

class Audit : public Store {
protected:
    /// Five rows about a bypass, as one would have been.
    std::vector<attest::ChainEntry> five_rows(Ledger& ledger) {
        std::vector<attest::ChainEntry> links;
        for (const auto kind :
             {audit_kind::bypass_requested, audit_kind::bypass_approved, audit_kind::bypass_used,
              audit_kind::debt, audit_kind::attestation}) {
            auto link = append(ledger, {.kind = std::string(kind),
                                        .suite = "sample",
                                        .environment = "preprod",
                                        .subject = "sha256:aa",
                                        .commit = "c0ffee",
                                        .bypass = "b1",
                                        .content = R"({"note":"it's \"quoted\"; ünï"})"});
            EXPECT_TRUE(link.ok()) << link.error().text;
            links.push_back(std::move(link).value());
        }
        return links;
    }
    /// Without the triggers: as whoever owns the database can.
    [[nodiscard]] bool change(const std::string& sql) const {
        const std::string without = on_postgres() ? "ALTER TABLE weir_audit DISABLE TRIGGER ALL;"
                                                  : "DROP TRIGGER IF EXISTS weir_audit_UPDATE;"
                                                    "DROP TRIGGER IF EXISTS weir_audit_DELETE;";
        return by_hand(without + sql);
    }
    /// What the check says of the chain as it is now.
    std::string broken(std::span<const attest::ChainHead> known = {}) {
        const auto found = open().first_broken(known);
        if (!found.ok()) return "error: " + found.error().text;
        return found.value() ? base::format("{}: {}", found.value()->sequence, found.value()->words)
                             : "";
    }
};

TEST_P(Audit, RowsComeBackInOrderAndByTheirKeys) {
    Ledger ledger = open();
    const auto links = five_rows(ledger);
    ASSERT_TRUE(append(ledger, {.kind = "admission", .subject = "sha256:bb", .run_id = "r1"}).ok());
    const auto all = ledger.audit_rows({});
    ASSERT_TRUE(all.ok()) << all.error().text;
    ASSERT_EQ(all.value().size(), 6U);
    for (std::size_t i = 0; i < links.size(); ++i) EXPECT_EQ(all.value()[i].link, links[i]);
    EXPECT_EQ(all.value()[0].entry.commit, "c0ffee");
    EXPECT_EQ(all.value()[0].entry.content, R"({"note":"it's \"quoted\"; ünï"})");
    EXPECT_EQ(all.value()[5].entry.run_id, "r1");
    EXPECT_TRUE(record::wall_from_text(all.value()[0].link.at).ok());
    EXPECT_EQ(ledger.audit_rows({.subject = "sha256:aa"}).value().size(), 5U);
    EXPECT_EQ(ledger.audit_rows({.kind = "bypass used", .bypass = "b1"}).value().size(), 1U);
    EXPECT_EQ(ledger.audit_rows({.kind = "bypass used", .bypass = "b2"}).value().size(), 0U);
    EXPECT_EQ(ledger.audit_rows({.commit = "c0ffee", .run_id = "r1"}).value().size(), 0U);
    EXPECT_EQ(ledger.audit_head().value().sequence, 6U);
    EXPECT_EQ(ledger.audit_head().value().hash, all.value()[5].link.hash);
    EXPECT_EQ(broken(), "");
}

TEST_P(Audit, ATurnThatFailsLeavesNothing) {
    Ledger ledger = open();
    ASSERT_TRUE(append(ledger, {.kind = "debt"}).ok());
    const auto failed = ledger.audit(noon, [](AuditTurn& turn) -> base::Result<void> {
        TRY(const auto row, turn.append({.kind = "debt cleared"}));
        EXPECT_EQ(row.link.sequence, 2U);
        EXPECT_EQ(turn.head().sequence, 2U);
        EXPECT_EQ(turn.rows({}).value().size(), 2U) << "a turn sees what it wrote";
        return base::Error{base::Code::invalid, "changed my mind"};
    });
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().text, "changed my mind");
    EXPECT_EQ(ledger.audit_rows({}).value().size(), 1U);
    EXPECT_EQ(ledger.audit_head().value().sequence, 1U);
    EXPECT_EQ(append(ledger, {.kind = "debt"}).value().sequence, 2U);
    EXPECT_EQ(broken(), "");
}

TEST_P(Audit, ManyPipelinesAppendOneChain) {
    constexpr int writers = 4;
    constexpr int each = 15;
    { (void)open(); }
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w) {
        threads.emplace_back([this] {
            Ledger ledger = open();
            for (int i = 0; i < each; ++i) {
                const auto link = append(ledger, {.kind = "attestation"});
                EXPECT_TRUE(link.ok()) << link.error().text;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(open().audit_head().value().sequence, writers * each + 0U);
    EXPECT_EQ(broken(), "");
}

/// Looks whether the one use is still there, and takes it: as the gate does.
bool take_the_use(Ledger& ledger) {
    bool taken = false;
    const auto done = ledger.audit(noon, [&](AuditTurn& turn) -> base::Result<void> {
        TRY(const auto uses, turn.rows({.kind = "bypass used", .bypass = "b1"}));
        if (!uses.empty()) return {};
        TRY(const auto row, turn.append({.kind = "bypass used", .bypass = "b1"}));
        (void)row;
        taken = true;
        return {};
    });
    EXPECT_TRUE(done.ok()) << done.error().text;
    return taken;
}

TEST_P(Audit, OfManyProcessesAtOnceOneGetsTheUse) {
    { (void)open(); }
    for (int round = 0; round < 3; ++round) {
        constexpr int racers = 6;
        std::vector<pid_t> children;
        for (int i = 0; i < racers; ++i) {
            const pid_t child = fork();
            ASSERT_GE(child, 0);
            if (child == 0) {
                auto ledger = Ledger::open(url);
                _exit(ledger.ok() && take_the_use(ledger.value()) ? 1 : 0);
            }
            children.push_back(child);
        }
        int taken = 0;
        for (const pid_t child : children) {
            int status = 0;
            waitpid(child, &status, 0);
            taken += WIFEXITED(status) ? WEXITSTATUS(status) : 100;
        }
        EXPECT_EQ(taken, round == 0 ? 1 : 0) << "round " << round;
    }
    EXPECT_EQ(open().audit_rows({.kind = "bypass used"}).value().size(), 1U);
    EXPECT_EQ(broken(), "");
}

TEST_P(Audit, TheTableRefusesChanges) {
    Ledger ledger = open();
    const auto links = five_rows(ledger);
    for (const char* change : {"UPDATE weir_audit SET kind = 'x' WHERE sequence = 2",
                               "DELETE FROM weir_audit WHERE sequence = 5"}) {
        EXPECT_FALSE(by_hand(change)) << change;
    }
    if (on_postgres()) {
        EXPECT_FALSE(by_hand("TRUNCATE weir_audit"));
    }
    EXPECT_EQ(ledger.audit_rows({}).value().size(), 5U);
    EXPECT_EQ(broken(), "");
}

TEST_P(Audit, OneEditedByteIsNamed) {
    Ledger ledger = open();
    five_rows(ledger);
    ASSERT_TRUE(
        change("UPDATE weir_audit SET body = replace(body, 'quoted', 'quotes') "
               "WHERE sequence = 3;"));
    EXPECT_THAT(broken(), testing::StartsWith("3: "));
    EXPECT_THAT(broken(), HasSubstr("edited"));
}

TEST_P(Audit, AnEditedTimeOrKindIsNamed) {
    Ledger ledger = open();
    five_rows(ledger);
    ASSERT_TRUE(change("UPDATE weir_audit SET at = replace(at, 'T', ' ') WHERE sequence = 4;"));
    EXPECT_THAT(broken(), testing::StartsWith("4: "));
    ASSERT_TRUE(change("UPDATE weir_audit SET kind = 'debt' WHERE sequence = 2;"));
    EXPECT_THAT(broken(), testing::StartsWith("2: "));
}

/// A use that nobody finds any more would be used again.
TEST_P(Audit, ARowThatIsHiddenByItsKeyIsNamed) {
    Ledger ledger = open();
    five_rows(ledger);
    ASSERT_TRUE(change("UPDATE weir_audit SET bypass = 'b2' WHERE sequence = 3;"));
    EXPECT_EQ(ledger.audit_rows({.kind = "bypass used", .bypass = "b1"}).value().size(), 0U);
    EXPECT_THAT(broken(), testing::StartsWith("3: "));
    EXPECT_THAT(broken(), HasSubstr("column bypass"));
}

TEST_P(Audit, ADroppedRowIsNamed) {
    Ledger ledger = open();
    five_rows(ledger);
    ASSERT_TRUE(change("DELETE FROM weir_audit WHERE sequence = 3;"));
    EXPECT_THAT(broken(), testing::StartsWith("3: "));
}

TEST_P(Audit, ADroppedRowIsNamedWhenTheRestIsRenumbered) {
    Ledger ledger = open();
    five_rows(ledger);
    ASSERT_TRUE(
        change("DELETE FROM weir_audit WHERE sequence = 3;"
               "UPDATE weir_audit SET sequence = 3 WHERE sequence = 4;"
               "UPDATE weir_audit SET sequence = 4 WHERE sequence = 5;"
               "UPDATE weir_audit_head SET sequence = 4;"));
    EXPECT_THAT(broken(), testing::StartsWith("3: "));
}

TEST_P(Audit, ReorderedRowsAreNamed) {
    Ledger ledger = open();
    five_rows(ledger);
    ASSERT_TRUE(
        change("UPDATE weir_audit SET sequence = 99 WHERE sequence = 2;"
               "UPDATE weir_audit SET sequence = 2 WHERE sequence = 3;"
               "UPDATE weir_audit SET sequence = 3 WHERE sequence = 99;"));
    EXPECT_THAT(broken(), testing::StartsWith("2: "));
}

TEST_P(Audit, ACutTailIsNamed) {
    Ledger ledger = open();
    five_rows(ledger);
    ASSERT_TRUE(change("DELETE FROM weir_audit WHERE sequence > 3;"));
    EXPECT_THAT(broken(), testing::StartsWith("4: "));
}

TEST_P(Audit, ACutTailWithItsHeadIsNamedByWhoKeptAHead) {
    Ledger ledger = open();
    const auto links = five_rows(ledger);
    const attest::ChainHead kept{.sequence = 5, .hash = links[4].hash};
    ASSERT_TRUE(
        change(base::format("DELETE FROM weir_audit WHERE sequence > 3;"
                            "UPDATE weir_audit_head SET sequence = 3, hash = '{}';",
                            links[2].hash)));
    EXPECT_EQ(broken(), "") << "nothing in the store tells";
    EXPECT_THAT(broken(std::span(&kept, 1)), testing::StartsWith("4: "));
}

TEST_P(Audit, ARowThatWasPutInIsNamed) {
    Ledger ledger = open();
    const auto links = five_rows(ledger);
    auto forged = attest::next_entry({.sequence = 5, .hash = links[4].hash}, links[4].at,
                                     "bypass approved", "{}");
    ASSERT_TRUE(
        change(base::format("INSERT INTO weir_audit VALUES (6, '{}', '{}', '', '', '', '', "
                            "'', '', '{}', '{}', '{}');",
                            forged.at, forged.kind, forged.body, forged.previous, forged.hash)));
    EXPECT_THAT(broken(), testing::StartsWith("6: "));
}

TEST_P(Audit, ALostHeadIsSaid) {
    Ledger ledger = open();
    five_rows(ledger);
    ASSERT_TRUE(by_hand("DELETE FROM weir_audit_head;"));
    const auto link = append(ledger, {.kind = "debt"});
    ASSERT_FALSE(link.ok());
    EXPECT_THAT(link.error().text, HasSubstr("lost its head"));
    EXPECT_THAT(broken(), HasSubstr("lost its head"));
}

WEIR_ON_BOTH_DATABASES(Audit);

}  // namespace
}  // namespace weir::ledger

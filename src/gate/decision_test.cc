#include "gate/decision.h"

#include <gtest/gtest.h>

namespace weir::gate {
namespace {

record::Verdict of(record::VerdictKind kind) {
    record::Verdict verdict;
    verdict.kind = kind;
    return verdict;
}

TEST(Decide, OnlyAPassLetsTheDeploymentOn) {
    EXPECT_TRUE(decide(of(record::VerdictKind::pass)).allow);
    EXPECT_EQ(decide(of(record::VerdictKind::pass)).code, ExitCode::ok);
    EXPECT_FALSE(decide(of(record::VerdictKind::fail)).allow);
    EXPECT_EQ(decide(of(record::VerdictKind::fail)).code, ExitCode::gate_failed);
    EXPECT_FALSE(decide(of(record::VerdictKind::invalid)).allow);
    EXPECT_EQ(decide(of(record::VerdictKind::invalid)).code, ExitCode::gate_invalid);
}

TEST(Decide, ABypassLetsAFailAndAnInvalidRunOn) {
    const UsedBypass bypass{.id = "b1", .requester = "Ann", .approvers = {"Bob", "Cid"}};
    for (const auto kind : {record::VerdictKind::fail, record::VerdictKind::invalid}) {
        const auto decision = decide(of(kind), bypass);
        EXPECT_TRUE(decision.allow);
        EXPECT_TRUE(decision.bypassed);
        EXPECT_EQ(static_cast<int>(decision.code), 13);
        EXPECT_EQ(decision.sentence,
                  "bypassed: the deployment may go on by bypass b1, asked for by Ann, approved by "
                  "Bob and Cid");
    }
}

TEST(Decide, APassNeedsNoBypass) {
    const auto decision = decide(of(record::VerdictKind::pass), UsedBypass{.id = "b1"});
    EXPECT_FALSE(decision.bypassed);
    EXPECT_EQ(decision.code, ExitCode::ok);
}

TEST(ExitCodeOf, ADecisionIsZeroOnlyWhenAllowed) {
    const auto bypassed = decide(of(record::VerdictKind::fail), UsedBypass{.id = "b1"});
    EXPECT_EQ(exit_code_of(bypassed, true), ExitCode::ok);
    EXPECT_EQ(exit_code_of(bypassed, false), ExitCode::bypassed);
    EXPECT_EQ(exit_code_of(decide(of(record::VerdictKind::fail)), true), ExitCode::gate_failed);
    EXPECT_EQ(exit_code_of(decide(of(record::VerdictKind::pass)), false), ExitCode::ok);
}

TEST(ExitCodeOf, IsK6s) {
    record::RunRecord record;
    EXPECT_EQ(exit_code_of(record, true), ExitCode::ok);
    EXPECT_EQ(static_cast<int>(exit_code_of(record, false)), 99);
    record.ending.marked_failed = true;
    EXPECT_EQ(static_cast<int>(exit_code_of(record, true)), 110);
    record.ending.kind = record::EndKind::aborted_by_script;
    EXPECT_EQ(static_cast<int>(exit_code_of(record, true)), 108);
    record.ending.kind = record::EndKind::aborted_by_signal;
    EXPECT_EQ(static_cast<int>(exit_code_of(record, true)), 105);
    record.ending.kind = record::EndKind::setup_failed;
    EXPECT_EQ(static_cast<int>(exit_code_of(record, true)), 107);
}

}  // namespace
}  // namespace weir::gate

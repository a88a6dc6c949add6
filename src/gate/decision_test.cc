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

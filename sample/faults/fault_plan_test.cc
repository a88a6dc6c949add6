#include "sample/faults/fault_plan.h"

#include <gtest/gtest.h>

namespace weir::sample {
namespace {

using namespace std::chrono_literals;

FaultPlan planned(std::string_view text) {
    FaultPlan plan;
    const auto added = add_fault(text, plan);
    EXPECT_TRUE(added.ok()) << text;
    return plan;
}

TEST(FaultPlan, ANameTurnsItsFaultOnWithItsUsualSize) {
    EXPECT_TRUE(planned("n-plus-one").n_plus_one);
    EXPECT_TRUE(planned("missing-index").missing_index);
    EXPECT_TRUE(planned("lock-contention").lock_contention);
    EXPECT_TRUE(planned("data-drift").data_drift);
    EXPECT_TRUE(planned("sign-in-broken").sign_in_broken);
    EXPECT_EQ(planned("memory-growth").memory_growth_kib, 2048U);
    EXPECT_EQ(planned("slow-dependency").dependency_delay, 2500ms);
    EXPECT_EQ(planned("failing-dependency").dependency_failures, 1);
    EXPECT_EQ(planned("restart").restart_after, 8s);
    EXPECT_EQ(planned("version-change").new_version_after, 8s);
    EXPECT_EQ(planned("cpu-hog").cpu_hogs, 4U);
}

TEST(FaultPlan, AnOptionSaysHowMuch) {
    EXPECT_EQ(planned("memory-growth:512").memory_growth_kib, 512U);
    EXPECT_EQ(planned("slow-dependency:40").dependency_delay, 40ms);
    EXPECT_EQ(planned("failing-dependency:0.25").dependency_failures, 0.25);
    EXPECT_EQ(planned("restart:3").restart_after, 3s);
    const auto slow = planned("slow-page:dashboard:5");
    EXPECT_EQ(slow.slow_page, "dashboard");
    EXPECT_EQ(slow.slow_percent, 5);
}

TEST(FaultPlan, SeveralFaultsAddUp) {
    FaultPlan plan;
    ASSERT_TRUE(add_fault("cpu-hog:2", plan).ok());
    ASSERT_TRUE(add_fault("slow-dependency", plan).ok());
    EXPECT_EQ(plan.cpu_hogs, 2U);
    EXPECT_TRUE(plan.dependency);
}

TEST(FaultPlan, WhatIsNotUnderstoodIsSaid) {
    FaultPlan plan;
    const auto unknown = add_fault("n-plus-two", plan);
    ASSERT_FALSE(unknown.ok());
    EXPECT_NE(unknown.error().text.find("there are: n-plus-one, "), std::string::npos);
    for (const char* bad :
         {"cpu-hog:many", "cpu-hog:-1", "restart:3s", "slow-page:dashboard", "slow-page:cellar:5",
          "slow-page:dashboard:x", "n-plus-one:2", "failing-dependency:0.5 "}) {
        const auto added = add_fault(bad, plan);
        ASSERT_FALSE(added.ok()) << bad;
        EXPECT_NE(added.error().text.find("its option cannot be read"), std::string::npos);
    }
}

}  // namespace
}  // namespace weir::sample

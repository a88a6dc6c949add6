#include "pace/user_curve.h"

#include <vector>

#include <gtest/gtest.h>

namespace weir::pace {
namespace {

using namespace std::chrono_literals;
using base::Nanos;

TEST(UserCurve, RampsUpAndDownOneUserAtATime) {
    const UserCurve curve(1, {{4s, 5}, {2s, 5}, {2s, 1}});
    const std::vector<UserStep> expected = {{0s, 1},     {1s, 2}, {2s, 3},     {3s, 4}, {4s, 5},
                                            {6500ms, 4}, {7s, 3}, {7500ms, 2}, {8s, 1}};
    EXPECT_EQ(curve.steps(), expected);
    EXPECT_EQ(curve.most(), 5U);
    EXPECT_EQ(curve.duration(), Nanos(8s));
}

TEST(UserCurve, AZeroDurationIsAJump) {
    const UserCurve curve(0, {{0s, 10}, {1s, 10}, {0s, 3}, {0s, 6}, {1s, 6}});
    EXPECT_EQ(curve.steps(), (std::vector<UserStep>{{0s, 10}, {1s, 6}}));
    EXPECT_EQ(curve.users_at(0s), 10U);
    EXPECT_EQ(curve.users_at(1s), 6U);
}

TEST(UserCurve, StepsAndUsersAtAgreeAtEveryChange) {
    const UserCurve curve(3, {{7s, 20}, {1ms, 0}, {13s, 11}, {3s, 11}, {333'333'333ns, 90}});
    const auto steps = curve.steps();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        EXPECT_EQ(curve.users_at(steps[i].at), steps[i].users) << i;
        if (i == 0) continue;
        EXPECT_LT(steps[i - 1].at, steps[i].at);
        EXPECT_EQ(curve.users_at(steps[i].at - Nanos(1)), steps[i - 1].users) << i;
    }
    EXPECT_EQ(steps.back().users, 90U);
    EXPECT_EQ(steps.back().at, curve.duration());
}

TEST(UserCurve, SharesAddUpToTheWhole) {
    const UserCurve curve(0, {{10s, 17}, {5s, 4}});
    const auto whole = curve.steps();
    for (const std::uint32_t parts : {1U, 2U, 3U, 5U}) {
        for (const auto& step : whole) {
            std::uint32_t sum = 0;
            for (std::uint32_t part = 0; part < parts; ++part) {
                std::uint32_t users = 0;
                for (const auto& own : share_of(whole, part, parts)) {
                    if (own.at <= step.at) users = own.users;
                }
                sum += users;
            }
            EXPECT_EQ(sum, step.users);
        }
    }
    EXPECT_EQ(share_of(10, 0, 3), 4U);
    EXPECT_EQ(share_of(10, 2, 3), 3U);
}

}  // namespace
}  // namespace weir::pace

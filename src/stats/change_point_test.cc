#include "stats/change_point.h"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "stats/predictive.h"
#include "stats/student.h"

namespace weir::stats {
namespace {

double normal(base::Random& random) {
    return std::sqrt(-2 * std::log(1 - random.unit())) *
           std::cos(2 * std::numbers::pi * random.unit());
}

TEST(Student, AgreesWithThePrintedTables) {
    EXPECT_NEAR(student_quantile(0.975, 1), 12.706, 0.001);
    EXPECT_NEAR(student_quantile(0.975, 10), 2.228, 0.001);
    EXPECT_NEAR(student_quantile(0.995, 30), 2.750, 0.001);
    EXPECT_NEAR(student_two_sided(2.228, 10), 0.05, 1e-4);
    EXPECT_NEAR(student_two_sided(0, 3), 1, 1e-12);
}

TEST(ChangePoints, AreFoundWhereTheLevelChanges) {
    base::Random random(7);
    std::vector<double> values;
    for (int i = 0; i < 45; ++i)
        values.push_back(100 + (i < 15 ? 0 : i < 30 ? 30 : 10) + 3 * normal(random));
    const auto found = change_points(values);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0], 15U);
    EXPECT_EQ(found[1], 30U);
}

TEST(ChangePoints, AreNotSeenInNoise) {
    base::Random random(11);
    int alarms = 0;
    constexpr int series = 2000;
    for (int i = 0; i < series; ++i) {
        std::vector<double> values;
        for (int k = 0; k < 30; ++k) values.push_back(std::exp(0.1 * normal(random)));
        alarms += change_points(values).empty() ? 0 : 1;
    }
    EXPECT_LE(alarms, series / 100);
}

TEST(ChangePoints, OfFewOrEqualValuesThereAreNone) {
    EXPECT_TRUE(change_points({}).empty());
    EXPECT_TRUE(change_points(std::vector<double>{1, 1, 9, 9, 9}).empty());
    EXPECT_TRUE(change_points(std::vector<double>(40, 5.0)).empty());
}

TEST(Predictive, CoversTheNextRunAsOftenAsItSays) {
    base::Random random(3);
    constexpr int runs = 4000;
    int outside = 0;
    for (int i = 0; i < runs; ++i) {
        std::vector<double> past;
        for (int k = 0; k < 8; ++k) past.push_back(std::exp(0.1 * normal(random)));
        outside +=
            predictive_interval(past, 0.05, 0).contains(std::exp(0.1 * normal(random))) ? 0 : 1;
    }
    EXPECT_NEAR(static_cast<double>(outside) / runs, 0.05, 0.012);
    // Equal runs are luck, not certainty.
    EXPECT_GT(predictive_interval(std::vector<double>(6, 100.0), 0.01, 0.05).high, 115);
}

}  // namespace
}  // namespace weir::stats

#include "stats/quantile.h"

#include <vector>

#include <gtest/gtest.h>

namespace weir::stats {
namespace {

TEST(Quantile, InterpolatesBetweenRanks) {
    const std::vector<double> ten = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    EXPECT_DOUBLE_EQ(quantile_of_sorted(ten, 0.5), 5.5);
    EXPECT_DOUBLE_EQ(quantile_of_sorted(ten, 0.9), 9.1);
    EXPECT_DOUBLE_EQ(quantile_of_sorted(ten, 0.95), 9.55);
    EXPECT_DOUBLE_EQ(quantile_of_sorted(ten, 0), 1);
    EXPECT_DOUBLE_EQ(quantile_of_sorted(ten, 1), 10);
    EXPECT_DOUBLE_EQ(quantile_of_sorted(std::vector<double>{7}, 0.3), 7);
    EXPECT_DOUBLE_EQ(quantile_of_sorted({}, 0.3), 0);
}

}  // namespace
}  // namespace weir::stats

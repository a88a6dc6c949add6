#include "record/windows.h"

#include <numeric>

#include <gtest/gtest.h>

namespace weir::record {
namespace {

std::uint64_t requests_in(const Windows& windows) {
    return std::accumulate(windows.all().begin(), windows.all().end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Window& w) { return sum + w.requests; });
}

void count(Windows& windows, std::int64_t second, std::string_view name) {
    Tags row;
    row.set("name", name);
    const std::size_t index = windows.row_index(row);
    Window& window = windows.at(std::chrono::seconds(second));
    window.requests += 1;
    auto& named = Windows::of_row(window, index);
    named.requests += 1;
    named.response_time.add(second);
}

TEST(Windows, AreASecondWideAtFirst) {
    Windows windows;
    count(windows, 0, "a");
    count(windows, 119, "a");
    EXPECT_EQ(windows.width(), std::chrono::seconds(1));
    EXPECT_EQ(windows.all().size(), 120U);
    EXPECT_EQ(windows.all()[119].requests, 1U);
    EXPECT_EQ(&windows.at(std::chrono::seconds(-5)), &windows.at(base::Nanos{}));
}

TEST(Windows, DoubleTheirWidthInsteadOfGrowing) {
    Windows windows;
    for (int second = 0; second < 1000; ++second) {
        count(windows, second, second % 2 == 0 ? "even" : "odd");
        ASSERT_LE(windows.all().size(), Windows::windows_most);
    }
    EXPECT_EQ(windows.width(), std::chrono::seconds(16));
    EXPECT_EQ(requests_in(windows), 1000U);
    const Window& third = windows.all()[2];  // seconds 32 to 47
    EXPECT_EQ(third.requests, 16U);
    ASSERT_EQ(third.rows.size(), 2U);
    EXPECT_EQ(third.rows[0].requests, 8U);
    EXPECT_EQ(third.rows[1].response_time.min(), 33);
    EXPECT_EQ(third.rows[1].response_time.max(), 47);
}

TEST(Windows, JumpFarAheadAtOnce) {
    Windows windows;
    count(windows, 3, "a");
    count(windows, 86'400 * 30, "a");
    EXPECT_LE(windows.all().size(), Windows::windows_most);
    EXPECT_EQ(requests_in(windows), 2U);
    EXPECT_EQ(windows.all().front().requests, 1U);
}

TEST(Windows, LaterNamesAreCountedTogether) {
    Windows windows;
    for (int i = 0; i < 100; ++i) count(windows, 1, "name " + std::to_string(i));
    EXPECT_TRUE(windows.crowded());
    EXPECT_EQ(windows.rows().size(), Windows::rows_most + 1);
    EXPECT_EQ(*windows.rows().back().find("name"), Windows::other_name);
    EXPECT_EQ(windows.all()[1].rows.back().requests, 100 - Windows::rows_most);
}

TEST(Windows, MergeWhateverTheirWidthsAndNames) {
    Windows coarse;
    for (int second = 0; second < 300; ++second) count(coarse, second, "b");
    Windows fine;
    for (int second = 0; second < 30; ++second) count(fine, second, second < 10 ? "a" : "b");
    Windows one = coarse;
    one.merge(fine);
    Windows other = fine;
    other.merge(coarse);
    for (const auto* merged : {&one, &other}) {
        EXPECT_EQ(merged->width(), std::chrono::seconds(4));
        EXPECT_EQ(requests_in(*merged), 330U);
        EXPECT_EQ(merged->all()[0].requests, 8U);
        EXPECT_EQ(merged->all()[10].requests, 4U);
    }
    EXPECT_EQ(*one.rows()[0].find("name"), "b");
    EXPECT_EQ(*other.rows()[0].find("name"), "a");
    EXPECT_EQ(one.all()[0].rows[1], other.all()[0].rows[0]);
}

}  // namespace
}  // namespace weir::record

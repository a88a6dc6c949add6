#include "journey/slow_requests.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace weir::journey {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void note(SlowRequests& slow, const std::string& name, base::Nanos took) {
    SlowRow& row = slow.row_of(name);
    if (!slow.wants(row, took)) return;
    record::Exchange exchange;
    exchange.name = name;
    exchange.response_time = took;
    slow.note(row, std::move(exchange), base::Instant(seconds(100)));
}

std::map<std::string, std::vector<base::Nanos>> by_name(const SlowRequests& slow) {
    std::map<std::string, std::vector<base::Nanos>> found;
    for (const auto& each : slow.take(base::Instant(seconds(90)))) {
        found[each.name].push_back(each.response_time);
    }
    return found;
}

TEST(SlowRequests, AreTheSlowestOfTheRunWhateverTheOrder) {
    SlowRequests slow({.of_run = 20, .of_name = 5, .names = 256});
    base::Random random(7);
    std::vector<base::Nanos> all;
    for (int i = 0; i < 5000; ++i) {
        const base::Nanos took(static_cast<std::int64_t>(random.below(1'000'000'000)));
        all.push_back(took);
        note(slow, "page", took);
    }
    std::sort(all.rbegin(), all.rend());
    all.resize(20);
    EXPECT_EQ(by_name(slow)["page"], all);
    EXPECT_EQ(slow.take(base::Instant(seconds(90))).front().start, seconds(10));
}

TEST(SlowRequests, AFastNameHasItsOwnExamplesBesideAMuchSlowerOne) {
    SlowRequests slow({.of_run = 20, .of_name = 5, .names = 256});
    for (int i = 1; i <= 1000; ++i) {
        note(slow, "slow", seconds(i));
        note(slow, "fast", milliseconds(i));
        note(slow, "once", milliseconds(1));
    }
    auto found = by_name(slow);
    EXPECT_EQ(found["slow"].size(), 20U);
    EXPECT_THAT(found["fast"],
                testing::ElementsAre(milliseconds(1000), milliseconds(999), milliseconds(998),
                                     milliseconds(997), milliseconds(996)));
    EXPECT_EQ(found["once"], std::vector<base::Nanos>(5, milliseconds(1)));
}

TEST(SlowRequests, NothingIsThereTwice) {
    SlowRequests slow({.of_run = 3, .of_name = 3, .names = 256});
    for (int i = 1; i <= 9; ++i) note(slow, "page", milliseconds(i));
    EXPECT_THAT(by_name(slow)["page"],
                testing::ElementsAre(milliseconds(9), milliseconds(8), milliseconds(7)));
}

TEST(SlowRequests, AreBoundedAndSpreadOverTheSlowestNames) {
    SlowRequests slow({.of_run = 20, .of_name = 5, .names = 256});
    for (int name = 0; name < 90; ++name) {
        for (int i = 0; i < 10; ++i) note(slow, std::to_string(name), milliseconds(name * 100 + i));
    }
    const auto all = slow.take({});
    EXPECT_EQ(all.size(), record::Evidence::list_most);
    std::set<std::string> names;
    for (const auto& each : all) names.insert(each.name);
    // The run's 20 slowest are of two names; 80 places are left for one of each of the others.
    EXPECT_EQ(names.size(), 82U);
    EXPECT_TRUE(names.contains("89"));
    EXPECT_FALSE(names.contains("7"));
}

TEST(SlowRequests, NamesPastTheLimitShareARow) {
    SlowRequests slow({.of_run = 1, .of_name = 2, .names = 3});
    for (int name = 0; name < 1000; ++name) note(slow, std::to_string(name), seconds(1000 - name));
    EXPECT_EQ(&slow.row_of("500"), &slow.row_of("501"));
    EXPECT_NE(&slow.row_of("0"), &slow.row_of("1"));
    const auto found = by_name(slow);
    EXPECT_EQ(found.size(), 5U);  // three of their own, and the slowest two of the rest
    EXPECT_TRUE(found.contains("3"));
    EXPECT_TRUE(found.contains("4"));
}

}  // namespace
}  // namespace weir::journey

#include "meter/tag_sets.h"

#include <string>

#include <gtest/gtest.h>

namespace weir::meter {
namespace {

record::Tags request(const std::string& url, const std::string& extra = "") {
    record::Tags tags;
    tags.set("url", url);
    tags.set("name", url);
    tags.set("method", "GET");
    tags.set("scenario", "s");
    tags.set("expected_response", "true");
    if (!extra.empty()) tags.set("order", extra);
    return tags;
}

TEST(TagSets, GiveEqualTagsTheSameId) {
    TagSets sets(10);
    const auto first = sets.intern(request("a"));
    const auto other = sets.intern(request("b"));
    const auto again = sets.intern(request("a"));
    EXPECT_TRUE(first.fresh);
    EXPECT_FALSE(again.fresh);
    EXPECT_EQ(first.id, again.id);
    EXPECT_NE(first.id, other.id);
    EXPECT_EQ(sets.at(other.id), request("b"));
}

TEST(TagSets, PastTheLimitUrlsAndNamesAreCountedTogether) {
    TagSets sets(10);
    for (int i = 0; i < 10; ++i) (void)sets.intern(request(std::to_string(i)));
    const auto first_over = sets.intern(request("10"));
    const auto next_over = sets.intern(request("11"));
    EXPECT_EQ(first_over.id, next_over.id);
    EXPECT_EQ(sets.at(first_over.id), request("(other)"));
    EXPECT_EQ(sets.collapsed(), 2U);
    EXPECT_FALSE(sets.intern(request("3")).fresh) << "known ones stay apart";
}

TEST(TagSets, NoTagCanGrowThemWithoutBound) {
    TagSets sets(100);
    for (int i = 0; i < 10'000; ++i) {
        (void)sets.intern(request("/orders/" + std::to_string(i), std::to_string(i)));
    }
    EXPECT_LE(sets.size(), 160U);
    const auto last = sets.intern(request("/orders/x", "x"));
    EXPECT_EQ(*sets.at(last.id).find("scenario"), "s");
    EXPECT_EQ(*sets.at(last.id).find("expected_response"), "true");
    EXPECT_EQ(*sets.at(last.id).find("name"), "(other)");
}

}  // namespace
}  // namespace weir::meter

#include "record/tags.h"

#include <gtest/gtest.h>

namespace weir::record {
namespace {

Tags tags(std::initializer_list<std::pair<const char*, const char*>> pairs) {
    Tags made;
    for (const auto& [key, value] : pairs) made.set(key, value);
    return made;
}

TEST(Tags, AreEqualWhateverTheOrderTheyWereSetIn) {
    EXPECT_EQ(tags({{"b", "2"}, {"a", "1"}}), tags({{"a", "1"}, {"b", "2"}}));
    EXPECT_NE(tags({{"a", "1"}}), tags({{"a", "2"}}));
}

TEST(Tags, ReplaceFindAndErase) {
    Tags t = tags({{"name", "old"}, {"url", "u"}});
    t.set("name", "new");
    ASSERT_NE(t.find("name"), nullptr);
    EXPECT_EQ(*t.find("name"), "new");
    EXPECT_EQ(t.pairs().size(), 2U);
    t.erase("name");
    t.erase("not there");
    EXPECT_EQ(t.find("name"), nullptr);
    EXPECT_EQ(t, tags({{"url", "u"}}));
}

TEST(Tags, ContainASelectorWhenEveryPairIsThere) {
    const Tags t = tags({{"method", "GET"}, {"name", "dashboard"}, {"status", "200"}});
    EXPECT_TRUE(t.contains({}));
    EXPECT_TRUE(t.contains(tags({{"name", "dashboard"}})));
    EXPECT_TRUE(t.contains(tags({{"status", "200"}, {"method", "GET"}})));
    EXPECT_FALSE(t.contains(tags({{"name", "other"}})));
    EXPECT_FALSE(t.contains(tags({{"name", "dashboard"}, {"scenario", "x"}})));
}

TEST(ShownRequest, LeavesOutTheQueryOfAUrlAndNothingElse) {
    EXPECT_EQ(shown_request("https://h.test/a?token=hunter2"), "https://h.test/a");
    EXPECT_EQ(shown_request("https://h.test/a#part?x"), "https://h.test/a");
    EXPECT_EQ(shown_request("https://h.test/a"), "https://h.test/a");
    EXPECT_EQ(shown_request("dashboard?"), "dashboard?");
    EXPECT_EQ(shown_request(""), "");
}

}  // namespace
}  // namespace weir::record

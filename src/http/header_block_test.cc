#include "http/header_block.h"

#include <string>

#include <gtest/gtest.h>

#include "http/message.h"

namespace weir::http {
namespace {

TEST(HeaderBlock, KeepsOrderAndDuplicates) {
    HeaderBlock block;
    EXPECT_TRUE(block.empty());
    EXPECT_EQ(block.begin(), block.end());
    block.add("Set-Cookie", "a=1");
    block.add("Empty", "");
    block.add("set-cookie", "b=2");
    std::string all;
    for (const HeaderField field : block) {
        all.append(field.name).append("=").append(field.value).append(";");
    }
    EXPECT_EQ(all, "Set-Cookie=a=1;Empty=;set-cookie=b=2;");
    EXPECT_EQ(block.count(), 3U);
}

TEST(HeaderBlock, FindsTheFirstWithoutRegardToCase) {
    HeaderBlock block;
    block.add("Vary", "a");
    block.add("VARY", "b");
    EXPECT_EQ(block.first("vary"), "a");
    EXPECT_EQ(block.first("var"), "");
}

TEST(HeaderBlock, GrowsByPieces) {
    HeaderBlock block;
    block.add("A", "1");
    block.begin_field();
    block.append_name("Con");
    block.append_name("tent");
    block.append_value("x");
    block.append_value(std::string(10'000, 'y'));
    EXPECT_EQ(block.first("content"), "x" + std::string(10'000, 'y'));
    EXPECT_EQ(block.first("A"), "1");
    block.clear();
    EXPECT_TRUE(block.empty());
}

TEST(HeaderBlock, SurvivesBeingMoved) {
    HeaderBlock block;
    block.add("A", "1");
    HeaderBlock other = std::move(block);
    EXPECT_EQ(other.first("a"), "1");
}

}  // namespace
}  // namespace weir::http

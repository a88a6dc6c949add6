#include "script/compile/source_map.h"

#include <gtest/gtest.h>

namespace weir::script {
namespace {

void expect_place(SourceMap::Place place, std::uint32_t line, std::uint32_t column) {
    EXPECT_EQ(place.line, line);
    EXPECT_EQ(place.column, column);
}

TEST(SourceMap, ReadsMappings) {
    // Line 1: column 0 -> 1:1, column 8 -> 1:17; line 2: nothing; line 3: column 2 -> 5:3.
    const auto map = SourceMap::parse("AAAA,QAAgB;;EAId");
    ASSERT_TRUE(map.ok()) << map.error().text;
    expect_place(map.value().original({1, 1}), 1, 1);
    expect_place(map.value().original({1, 4}), 1, 4);  // within a segment, columns run on
    expect_place(map.value().original({1, 10}), 1, 18);
    expect_place(map.value().original({2, 3}), 2, 3);  // unmapped: as it is
    expect_place(map.value().original({3, 3}), 5, 3);
    expect_place(map.value().original({3, 1}), 3, 1);  // before the first segment
    expect_place(map.value().original({99, 1}), 99, 1);
    expect_place(map.value().original({0, 0}), 0, 0);
}

TEST(SourceMap, IgnoresNamesAndSkipsUnmappedSegments) {
    const auto map = SourceMap::parse("AAAAA,I,QAAQC");
    ASSERT_TRUE(map.ok());
    expect_place(map.value().original({1, 13}), 1, 9);
}

TEST(SourceMap, RefusesWhatIsNoMap) {
    for (const char* bad : {"A A", "!", "g", "ggggggggggggA", "AAAAAA", "D", "AAD"}) {
        EXPECT_FALSE(SourceMap::parse(bad).ok()) << bad;
    }
    EXPECT_TRUE(SourceMap::parse("").ok());
    EXPECT_TRUE(SourceMap::parse(";;,,;").ok());
}

TEST(SourceMap, TakesColumnsAsNumbers) {
    const SourceMap map = SourceMap::from_columns({0, 0, 0, 2, 4, 10, 2, 8, 20});
    expect_place(map.original({1, 3}), 1, 3);
    expect_place(map.original({3, 5}), 3, 11);
    expect_place(map.original({3, 9}), 3, 21);
    EXPECT_TRUE(SourceMap().empty());
    expect_place(SourceMap().original({4, 5}), 4, 5);
}

}  // namespace
}  // namespace weir::script

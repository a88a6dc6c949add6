#include "script/compile/module_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::script {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = ModuleName::Kind;

TEST(ModulePath, RelativeNamesStartAtTheImportingFile) {
    EXPECT_THAT(parse_module_name("./a.js", "/w/lib").candidates,
                ElementsAre("/w/lib/a.js", "/w/lib/a.ts"));
    EXPECT_THAT(parse_module_name("../a.json", "/w/lib").candidates, ElementsAre("/w/a.json"));
    EXPECT_THAT(parse_module_name("../../../a.ts", "/w").candidates, ElementsAre("/a.ts"));
    EXPECT_THAT(parse_module_name("/x/./y.mjs", "/w").candidates,
                ElementsAre("/x/y.mjs", "/x/y.mts"));
    EXPECT_THAT(parse_module_name("file:///x/y.cjs", "/w").candidates, ElementsAre("/x/y.cjs"));
}

TEST(ModulePath, EndingsMayBeLeftOut) {
    const auto candidates = parse_module_name("./config.dev", "/w").candidates;
    EXPECT_EQ(candidates.front(), "/w/config.dev");
    EXPECT_THAT(candidates, Contains("/w/config.dev.ts"));
    EXPECT_THAT(parse_module_name("..", "/w/lib").candidates, Contains("/w/index.js"));
}

TEST(ModulePath, KnowsOurLibrariesByAnyVersion) {
    for (const char* url :
         {"https://jslib.k6.io/k6-utils/1.4.0/index.js", "https://jslib.k6.io/k6-utils/index.js",
          "http://jslib.k6.io/k6-utils/1.6.0/index.min.js?x", "jslib.k6.io/k6-utils"}) {
        const ModuleName name = parse_module_name(url, "/w");
        EXPECT_EQ(name.kind, Kind::library) << url;
        EXPECT_EQ(name.name, "k6-utils") << url;
    }
}

TEST(ModulePath, KnowsNativeFamilies) {
    EXPECT_EQ(parse_module_name("k6", "/w").kind, Kind::native);
    EXPECT_EQ(parse_module_name("k6/http", "/w").name, "k6/http");
    EXPECT_EQ(parse_module_name("weir/auth", "").kind, Kind::native);
    EXPECT_EQ(parse_module_name("k6-utils", "/w").kind, Kind::refused);
}

TEST(ModulePath, RefusesTheRestWithAReason) {
    EXPECT_THAT(parse_module_name("lodash", "/w").reason, HasSubstr("'./lodash.js'"));
    EXPECT_THAT(parse_module_name("https://cdn.example/x.js", "/w").reason, HasSubstr("network"));
    EXPECT_THAT(parse_module_name("", "/w").reason, HasSubstr("empty"));
    EXPECT_THAT(parse_module_name(std::string_view("./a\0.js", 7), "/w").reason,
                HasSubstr("zero byte"));
    EXPECT_EQ(parse_module_name("./beside.js", "").kind, Kind::refused);
}

TEST(ModulePath, TakesPathsApart) {
    EXPECT_EQ(normal_path("/a//b/./c/../d/"), "/a/b/d");
    EXPECT_EQ(normal_path("/.."), "/");
    EXPECT_EQ(directory_of("/a/b.js"), "/a");
    EXPECT_EQ(directory_of("/b.js"), "/");
    EXPECT_EQ(extension_of("/a.b/c"), "");
    EXPECT_EQ(extension_of("/a/b.test.ts"), ".ts");
}

}  // namespace
}  // namespace weir::script

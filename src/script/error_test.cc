#include "script/error.h"

#include <gtest/gtest.h>

#include "script/engine.h"

namespace weir::script {
namespace {

TEST(ScriptError, ReadsTheEnginesStack) {
    const auto frames = parse_stack(
        "    at f (dir/a b.js:3:5)\n    at <anonymous> (x.js:10:1)\n    at get (native)\n    at "
        "y.js:2:11\n"
        "    at odd (missing)\nnot a frame\n    at z (C:/w:7)\n",
        nullptr);
    ASSERT_EQ(frames.size(), 6U);
    EXPECT_EQ(frames[0].function, "f");
    EXPECT_EQ(frames[0].file, "dir/a b.js");
    EXPECT_EQ(frames[0].line, 3U);
    EXPECT_EQ(frames[0].column, 5U);
    EXPECT_EQ(frames[1].function, "");
    EXPECT_EQ(frames[2].function, "get");
    EXPECT_EQ(frames[2].file, "");
    EXPECT_EQ(frames[3].file, "y.js");
    EXPECT_EQ(frames[3].line, 2U);
    EXPECT_EQ(frames[4].file, "");
    EXPECT_EQ(frames[5].file, "C:/w");
    EXPECT_EQ(frames[5].line, 7U);
}

TEST(ScriptError, IsToldInFull) {
    ScriptError error;
    error.name = "TypeError";
    error.message = "no";
    error.stack = {{"get", "", 0, 0}, {"f", "a.js", 3, 5}, {"", "a.js", 9, 1}};
    EXPECT_EQ(error.text(),
              "TypeError: no\n    at get (native)\n    at f (a.js:3:5)\n    at a.js:9:1");
    EXPECT_EQ(error.where(), "a.js:3:5");
    EXPECT_EQ(ScriptError{}.text(), "");
    EXPECT_EQ(ScriptError{}.where(), "");
}

}  // namespace
}  // namespace weir::script

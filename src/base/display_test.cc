#include "base/display.h"

#include <gtest/gtest.h>

namespace weir::base {
namespace {

TEST(Inert, LeavesTextAsItIs) {
    EXPECT_EQ(inert("GET /cases?x=1"), "GET /cases?x=1");
    EXPECT_EQ(inert("日本 é e\u0301 👩‍🔬\n\tnext"),
              "日本 é e\u0301 👩‍🔬\n\tnext");
    EXPECT_EQ(inert_line("a\nb\tc"), "a b c");
}

TEST(Inert, EscapesWhatATerminalWouldObey) {
    EXPECT_EQ(inert("\x1b[2J\x07\r\x7f"), "\\x1b[2J\\x07\\x0d\\x7f");
    EXPECT_EQ(inert("\xc2\x9b"
                    "31m"),
              "\\x9b31m");  // CSI as one character
    EXPECT_EQ(inert("\x9b"
                    "31m"),
              "\xEF\xBF\xBD"
              "31m");  // and as a byte that is no UTF-8
    EXPECT_EQ(inert("a\u202Eb\u2066c"), "a\\u202eb\\u2066c");
    EXPECT_EQ(inert("a\u2028b"), "a b");
    EXPECT_EQ(inert(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(inert("\xff\xc3"), "\xEF\xBF\xBD\xEF\xBF\xBD");
    for (int byte = 0; byte < 256; ++byte) {
        const std::string shown = inert_line(std::string(1, static_cast<char>(byte)));
        for (const char c : shown) EXPECT_FALSE(c >= 0 && c < ' ') << byte;
    }
}

TEST(DisplayWidth, CountsColumnsNotBytes) {
    EXPECT_EQ(display_width("plain"), 5U);
    EXPECT_EQ(display_width("é"), 1U);
    EXPECT_EQ(display_width("e\u0301"), 1U);
    EXPECT_EQ(display_width("日本"), 4U);
    EXPECT_EQ(display_width("👍"), 2U);
    EXPECT_EQ(display_width("▁▂▃█"), 4U);
    EXPECT_EQ(display_width(""), 0U);
    EXPECT_GE(display_width("👩‍🔬"), 2U);
}

TEST(Fit, CutsBetweenWholeCharacters) {
    EXPECT_EQ(fit("dashboard", 9, "…"), "dashboard");
    EXPECT_EQ(fit("dashboard", 8, "…"), "dashboa…");
    EXPECT_EQ(fit("日本語", 6, "…"), "日本語");
    EXPECT_EQ(fit("日本語", 5, "…"), "日本…");
    EXPECT_EQ(fit("日本語", 4, "…"), "日…");  // half a character is none
    EXPECT_EQ(fit("ae\u0301i", 2, "~"), "a~");
    EXPECT_EQ(fit("ae\u0301i", 3, "~"), "ae\u0301i");
    EXPECT_EQ(fit("x👩‍🔬y", 4, "~"), "x~");
    EXPECT_EQ(fit("abc", 0, "…"), "");
    EXPECT_EQ(fit("abc", 1, "..."), "");
    for (std::size_t columns = 0; columns < 20; ++columns) {
        EXPECT_LE(display_width(fit("a日b👍c\u0301d본e…f", columns, "…")), columns);
    }
}

TEST(Padded, FillsColumns) {
    EXPECT_EQ(padded("日本", 6), "日本  ");
    EXPECT_EQ(padded("e\u0301", 2), "e\u0301 ");
    EXPECT_EQ(padded("long", 2), "long");
}

TEST(Ascii, KeepsWhatCanBeKept) {
    EXPECT_EQ(ascii("12µs — 日本 é…"), "12us - ?? ?~");
    EXPECT_EQ(ascii("e\u0301"), "e");
    for (const char c : ascii("\xff▁█✓")) EXPECT_EQ(c, '?');
}

}  // namespace
}  // namespace weir::base

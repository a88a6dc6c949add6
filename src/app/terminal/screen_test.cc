#include "app/terminal/screen.h"

#include <algorithm>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::app {
namespace {

using testing::ElementsAre;

/// As much of a terminal as the screen makes use of: what is written becomes rows of text.
class Paper {
public:
    void write(std::string_view text) {
        writes += 1;
        for (std::size_t at = 0; at < text.size(); ++at) {
            const char c = text[at];
            if (c == '\n') {
                row_ += 1;
                column_ = 0;
            } else if (c == '\r') {
                column_ = 0;
            } else if (c == '\x1b') {
                at = obey(text, at);
            } else {
                put(c);
            }
        }
    }
    [[nodiscard]] std::vector<std::string> rows() const { return rows_; }
    [[nodiscard]] std::size_t row() const { return row_; }
    [[nodiscard]] std::size_t column() const { return column_; }
    std::size_t writes = 0;

private:
    void put(char c) {
        if (rows_.size() <= row_) rows_.resize(row_ + 1);
        auto& row = rows_[row_];
        if (row.size() <= column_) row.resize(column_ + 1, ' ');
        row[column_++] = c;
    }
    std::size_t obey(std::string_view text, std::size_t at) {
        const std::size_t end = text.find_first_of("AJK", at);
        EXPECT_NE(end, std::string_view::npos);
        const std::string number(text.substr(at + 2, end - at - 2));
        if (text[end] == 'A') {
            const std::size_t up = std::stoul(number);
            EXPECT_LE(up, row_);
            row_ -= up;
        } else {
            EXPECT_EQ(number, "");
            if (row_ < rows_.size()) rows_[row_].resize(std::min(rows_[row_].size(), column_));
            if (text[end] == 'J')
                rows_.resize(std::min(rows_.size(), row_ + (column_ > 0 ? 1 : 0)));
        }
        return end;
    }
    std::vector<std::string> rows_;
    std::size_t row_ = 0;
    std::size_t column_ = 0;
};

struct Shown : ::testing::Test {
    Paper paper;
    Screen screen{[this](std::string_view text) { paper.write(text); }};
};

TEST_F(Shown, TheViewIsRedrawnInPlace) {
    screen.draw({"one long line", "two"});
    screen.draw({"one", "2"});
    EXPECT_THAT(paper.rows(), ElementsAre("one", "2"));
    screen.draw({"only"});
    EXPECT_THAT(paper.rows(), ElementsAre("only"));
    screen.draw({"a", "b", "c"});
    EXPECT_THAT(paper.rows(), ElementsAre("a", "b", "c"));
    EXPECT_EQ(paper.row(), 3U);
    EXPECT_EQ(paper.column(), 0U);
    EXPECT_EQ(paper.writes, 4U);  // each of them in one piece
}

TEST_F(Shown, LinesStandAboveIt) {
    screen.say("before\n");
    screen.draw({"view", "view"});
    screen.say("during\n");
    screen.say("several\nlines\n");
    screen.draw({"new", "new"});
    EXPECT_THAT(paper.rows(), ElementsAre("before", "during", "several", "lines", "new", "new"));
}

TEST_F(Shown, NothingOfItStays) {
    screen.say("said\n");
    screen.draw({"view", "view"});
    screen.clear();
    EXPECT_THAT(paper.rows(), ElementsAre("said"));
    EXPECT_EQ(paper.row(), 1U);
    screen.say("after\n");
    EXPECT_THAT(paper.rows(), ElementsAre("said", "after"));
}

TEST_F(Shown, AFloodOfLinesDoesNotDrawItEachTime) {
    screen.draw({"view"});
    for (int i = 0; i < 1000; ++i) screen.say("line\n");
    EXPECT_EQ(paper.rows().size(), 1000U);
    EXPECT_EQ(paper.rows().back(), "line");
    screen.draw({"view"});
    EXPECT_EQ(paper.rows().size(), 1001U);
    EXPECT_EQ(paper.rows().back(), "view");
}

TEST(ScreenOf, ALogIsTextAlone) {
    std::string written;
    {
        Screen screen([&written](std::string_view text) { written += text; });
        screen.say("one\n");
        screen.say("two\n");
        screen.clear();
    }
    EXPECT_EQ(written, "one\ntwo\n");
}

TEST(ScreenOf, SeveralThreadsIsNotTorn) {
    Paper paper;
    {
        Screen screen([&paper](std::string_view text) { paper.write(text); });
        const auto talk = [&screen](const char* line) {
            for (int i = 0; i < 500; ++i) screen.say(line);
        };
        std::thread one(talk, "first thread\n");
        std::thread other(talk, "other thread\n");
        for (int i = 0; i < 500; ++i) screen.draw({"view", "view"});
        one.join();
        other.join();
    }
    ASSERT_EQ(paper.rows().size(), 1000U);
    for (const auto& row : paper.rows()) {
        EXPECT_TRUE(row == "first thread" || row == "other thread") << row;
    }
}

}  // namespace
}  // namespace weir::app

#include "report/live/live_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/display.h"

namespace weir::report {
namespace {

using namespace std::chrono_literals;
using record::FindingState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

LiveState under_way() {
    LiveState state;
    state.title = "weir gate, preprod";
    state.counts = {.elapsed = 31s,
                    .planned = 60s,
                    .due = 775,
                    .started = 775,
                    .done = 770,
                    .dropped = 0,
                    .threw = 0,
                    .interrupted = 0,
                    .users_active = 12,
                    .users = 40};
    state.due_per_second = 25;
    state.started_per_second = 25;
    state.requests_per_second = 102.4;
    state.lately = 10s;
    state.requests = 3120;
    state.failed = 3;
    state.recent = {.count = 1000, .p50 = 19.2, .p95 = 1210, .p99 = 2400};
    state.whole = {.count = 3120, .p50 = 18.9, .p95 = 930, .p99 = 2130};
    state.rules = {{"98 % of `dashboard` under 2s", FindingState::held, "98.72 % of 512"},
                   {"at most 1 % errors", FindingState::missed, "4.10 % of 3120"},
                   {"p95 of `日本` under 300ms", FindingState::undecided, ""}};
    state.note = "ends early when each is decided";
    return state;
}

LiveStyle sized(std::size_t columns, std::size_t rows = 24) {
    return {.size = {columns, rows}, .unicode = true, .colors = false};
}

TEST(LiveLines, ShowWhatThereIsToKnow) {
    EXPECT_THAT(live_lines(under_way(), sized(80)),
                ElementsAre("weir gate, preprod",
                            " █████████████████████░░░░░░░░░░░░░░░░░░░  31s gone, 29s left",
                            " journeys  25.0/s of 25.0/s due · 770 done · 12 of 40 users busy",
                            " requests  102.4/s · 3120 in all · 3 failed (0.10 %)",
                            " response time          p50       p95       p99",
                            " last 10s            19.2ms     1.21s      2.4s",
                            " whole run           18.9ms     930ms     2.13s",
                            " ✓ 98 % of `dashboard` under 2s  98.72 % of 512",
                            " ✗ at most 1 % errors            4.10 % of 3120",
                            " ? p95 of `日本` under 300ms", " ends early when each is decided"));
}

TEST(LiveLines, AreAsciiWhereTheLocaleIs) {
    LiveStyle style = sized(80);
    style.unicode = false;
    LiveState state = under_way();
    state.recent.p50 = 0.012;  // µs
    const auto lines = live_lines(state, style);
    EXPECT_EQ(lines[1], " #####################-------------------  31s gone, 29s left");
    EXPECT_THAT(lines[5], HasSubstr("12us"));
    EXPECT_THAT(lines[9], HasSubstr("? p95 of `??` under"));
    for (const auto& line : lines) {
        for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
    }
}

TEST(LiveLines, AreNeverWiderOrMoreThanTheTerminal) {
    LiveState state = under_way();
    state.title = std::string(300, 'w') + "日本";
    state.counts.dropped = 17;
    state.counts.threw = 4;
    for (int i = 0; i < 30; ++i) {
        state.rules.push_back({"日本語 " + std::string(static_cast<std::size_t>(i) * 5, 'x'),
                               FindingState::held, "12.00 % of 12345"});
    }
    for (std::size_t columns = 0; columns < 130; columns += 3) {
        for (const std::size_t rows : {0U, 1U, 2U, 3U, 5U, 8U, 12U, 24U, 60U}) {
            LiveStyle style = sized(columns, rows);
            const auto lines = live_lines(state, style);
            EXPECT_LE(lines.size() + 1, std::max<std::size_t>(rows, 1)) << columns << "x" << rows;
            for (const auto& line : lines) {
                EXPECT_LE(base::display_width(line), std::max<std::size_t>(columns, 1) - 1) << line;
            }
        }
    }
}

TEST(LiveLines, WhenThereIsLittleRoomTheMissedRulesAreShown) {
    LiveState state = under_way();
    state.note.clear();
    for (int i = 0; i < 20; ++i) {
        state.rules.push_back({"held " + std::to_string(i), FindingState::held, ""});
    }
    state.rules.push_back({"the last one", FindingState::missed, "9"});
    const auto lines = live_lines(state, sized(80, 12));
    ASSERT_EQ(lines.size(), 11U);
    EXPECT_THAT(lines[7], HasSubstr("at most 1 % errors"));
    EXPECT_THAT(lines[8], HasSubstr("the last one"));
    EXPECT_THAT(lines[9], HasSubstr("日本"));
    EXPECT_EQ(lines[10], "   and 21 more: ✗ 0 ? 0 ✓ 21");
}

TEST(LiveLines, ColoursMarkAndEnd) {
    LiveStyle style = sized(80);
    style.colors = true;
    const auto lines = live_lines(under_way(), style);
    EXPECT_THAT(lines[7], HasSubstr("\x1b[32m✓\x1b[0m"));
    EXPECT_THAT(lines[8], HasSubstr("\x1b[31m✗\x1b[0m"));
    for (const auto& line : lines) {
        std::size_t codes = 0;
        for (std::size_t at = line.find('\x1b'); at != std::string::npos;
             at = line.find('\x1b', at + 1)) {
            const bool ends = line.compare(at, 4, "\x1b[0m") == 0;
            EXPECT_EQ(ends, codes % 2 == 1) << line;
            codes += 1;
        }
        EXPECT_EQ(codes % 2, 0U) << line;
    }
}

TEST(LiveLines, WhatOthersWroteDoesNothing) {
    LiveState state = under_way();
    state.title = "a\x1b[2J\nb";
    state.rules = {{"98 % of `\x1b]0;evil\x07\r\n` under 2s", FindingState::held, "\x1b[A"}};
    state.note = "x\x1b[1;1Hy";
    for (const auto& line : live_lines(state, sized(120))) {
        EXPECT_THAT(line, Not(HasSubstr("\x1b")));
        for (const char c : line) EXPECT_FALSE(c >= 0 && c < ' ') << line;
    }
}

TEST(LiveLines, NothingIsKnownAtFirst) {
    const auto lines = live_lines(LiveState{}, sized(80));
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], " 0s gone");
    LiveState late = under_way();
    late.counts.elapsed = 63s;
    EXPECT_THAT(live_lines(late, sized(80))[1], HasSubstr("1m3s gone, waiting for the last"));
}

TEST(LiveLogLine, SaysItInOne) {
    EXPECT_EQ(live_log_line(under_way()),
              "running 31s of 1m0s: 25.0 of 25.0 journeys/s, 102.4 requests/s, 12 of 40 users "
              "busy, p50 19.2ms, p95 1.21s, p99 2.4s, 3 failed (0.10 %), 0 dropped; conditions: 1 "
              "held, 1 undecided, 1 missed (at most 1 % errors)");
    LiveState state;
    state.counts.elapsed = 10s;
    EXPECT_THAT(live_log_line(state), HasSubstr("running 10s: 0.0 of 0.0 journeys/s"));
    state.rules = {{"a\n\x1b[A", FindingState::missed, ""}};
    EXPECT_THAT(live_log_line(state), HasSubstr("1 missed (a \\x1b[A)"));
}

}  // namespace
}  // namespace weir::report

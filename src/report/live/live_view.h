// LiveView: a run under way as lines for a terminal of a given size, or as one line for a log.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/live/live_state.h"

namespace weir::report {

struct LiveSize {
    std::size_t columns = 80;
    std::size_t rows = 24;
};
struct LiveStyle {
    LiveSize size;
    bool unicode = true;  // else ASCII alone
    bool colors = false;  // ANSI colours, and nothing else that a terminal obeys
};

/// What fits: no line is wider than the terminal, and there are fewer lines than it has rows, so
/// that a cursor below them stays on the screen. When there are too few rows, rules that are missed
/// are shown before those that are undecided and held. Names are made inert. Without line breaks.
[[nodiscard]] std::vector<std::string> live_lines(const LiveState& state, const LiveStyle& style);

/// "running 30s of 1m0s: 25.0 of 25.0 journeys/s, …"; one line, without line break and colours.
[[nodiscard]] std::string live_log_line(const LiveState& state);

}  // namespace weir::report

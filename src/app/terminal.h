// Terminal: what goes to standard output and error; colours only where somebody sees them.
#pragma once

#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "engine/run.h"

namespace weir::app {

struct Terminal {
    bool out_is_tty = false;
    bool error_is_tty = false;
    bool colors = false;  // NO_COLOR unset and standard output is a terminal
    bool quiet = false;
};

[[nodiscard]] Terminal detect_terminal(bool no_color, bool quiet);
/// Whole text or nothing is promised to no one: a closed pipe is not an error of ours.
void print(std::string_view text);
void print_error(std::string_view text);
/// Lines of Weir's own and of console.log: to standard error, with a level.
[[nodiscard]] base::Log terminal_log(const Terminal& terminal, base::Level least);
/// One line a second while a run lasts: rewritten on a terminal, every ten seconds elsewhere.
[[nodiscard]] std::function<void(const engine::Progress&)> progress_line(const Terminal& terminal);

}  // namespace weir::app

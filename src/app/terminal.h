// Terminal: what goes to standard output and error; colours only where somebody sees them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"

namespace weir::app {

class Screen;  // app/terminal/screen.h

struct Terminal {
    bool out_is_tty = false;
    bool error_is_tty = false;
    bool colors = false;        // standard output is a terminal that has them, and may: NO_COLOR
    bool error_colors = false;  // the same of standard error
    bool redraws = false;       // standard error is a terminal whose cursor can be moved
    bool unicode = false;       // by the locale
    bool quiet = false;
    std::shared_ptr<Screen> screen;  // standard error; null: of nobody in particular
};

/// By what the streams are and by TERM, NO_COLOR, LC_ALL, LC_CTYPE and LANG. Call it before
/// threads.
[[nodiscard]] Terminal detect_terminal(bool no_color, bool quiet);
/// Whole text or nothing is promised to no one: a closed pipe is not an error of ours.
void print(std::string_view text);
void print_error(std::string_view text);
/// Lines of Weir's own and of console.log: to standard error, with a level, above what is drawn
/// there. They are shown and never obeyed: control characters are made visible.
[[nodiscard]] base::Log terminal_log(const Terminal& terminal, base::Level least);

}  // namespace weir::app

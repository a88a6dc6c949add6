#include "app/terminal.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include "app/terminal/screen.h"
#include "base/display.h"
#include "base/format.h"

namespace weir::app {
namespace {

std::string_view word_of(base::Level level) {
    switch (level) {
        case base::Level::debug:
            return "debug";
        case base::Level::info:
            return "info";
        case base::Level::warn:
            return "warning";
        case base::Level::error:
            return "error";
    }
    return "";
}

std::string_view variable(const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before threads
    return value == nullptr ? std::string_view() : std::string_view(value);
}

/// As setlocale() would see it (POSIX, "Environment Variables"): the first that is set counts.
bool locale_is_utf8() {
    for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        std::string value(variable(name));
        if (value.empty()) continue;
        std::transform(value.begin(), value.end(), value.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    }
    return false;
}

}  // namespace

Terminal detect_terminal(bool no_color, bool quiet) {
    Terminal terminal;
    const std::string_view kind = variable("TERM");
    const bool dumb = kind.empty() || kind == "dumb";
    const bool colors = !dumb && !no_color && variable("NO_COLOR").empty();
    terminal.out_is_tty = isatty(STDOUT_FILENO) == 1;
    terminal.error_is_tty = isatty(STDERR_FILENO) == 1;
    terminal.colors = terminal.out_is_tty && colors;
    terminal.error_colors = terminal.error_is_tty && colors;
    terminal.redraws = terminal.error_is_tty && !dumb;
    terminal.unicode = locale_is_utf8();
    terminal.quiet = quiet;
    terminal.screen = std::make_shared<Screen>(print_error);
    return terminal;
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void print_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
}

base::Log terminal_log(const Terminal& terminal, base::Level least) {
    auto screen = terminal.screen ? terminal.screen : std::make_shared<Screen>(print_error);
    return base::Log([least, screen](base::Level level, std::string_view line) {
        if (level < least) return;
        screen->say(base::format("{}: {}\n", word_of(level), base::inert(line)));
    });
}

}  // namespace weir::app

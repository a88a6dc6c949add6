#include "app/terminal.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>

#include <unistd.h>

#include "base/format.h"
#include "base/units.h"

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

}  // namespace

Terminal detect_terminal(bool no_color, bool quiet) {
    Terminal terminal;
    terminal.out_is_tty = isatty(STDOUT_FILENO) == 1;
    terminal.error_is_tty = isatty(STDERR_FILENO) == 1;
    const char* wish = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): before threads
    terminal.colors = terminal.out_is_tty && !no_color && (wish == nullptr || *wish == '\0');
    terminal.quiet = quiet;
    return terminal;
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void print_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
}

base::Log terminal_log(const Terminal& /*terminal*/, base::Level least) {
    auto one_at_a_time = std::make_shared<std::mutex>();
    return base::Log([least, one_at_a_time](base::Level level, std::string_view line) {
        if (level < least) return;
        const std::lock_guard lock(*one_at_a_time);
        print_error(base::format("{}: {}\n", word_of(level), line));
    });
}

std::function<void(const engine::Progress&)> progress_line(const Terminal& terminal) {
    if (terminal.quiet) return {};
    auto lines = std::make_shared<unsigned>(0);
    return [lines, tty = terminal.error_is_tty](const engine::Progress& progress) {
        if (!tty && ++*lines % 10 != 0) return;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(progress.elapsed);
        const std::string text = base::format(
            "{}running {}, {}/{} users, {} iterations done, {} interrupted, {} dropped{}",
            tty ? "\r\x1b[K" : "", base::write_duration(seconds), progress.users_active,
            progress.users, progress.tally.completed, progress.tally.interrupted,
            progress.tally.dropped, tty ? "" : "\n");
        print_error(text);
    };
}

}  // namespace weir::app

// `weir run`: a journey, its summary, its thresholds, k6's exit codes.
#include "app/command.h"
#include "app/local/run_once.h"
#include "app/local/watch_loop.h"
#include "app/run_flags.h"
#include "app/terminal.h"

namespace weir::app {

gate::ExitCode run_command(const Arguments& arguments) {
    const auto flags = parse_run_flags(arguments);
    if (!flags.ok()) {
        const std::string& text = flags.error().text;
        print_error(text.ends_with('\n') ? text : "error: " + text + "\n");
        return gate::ExitCode::usage;
    }
    if (!flags.value().help.empty()) {
        print(flags.value().help);
        return gate::ExitCode::ok;
    }
    const Terminal terminal = detect_terminal(flags.value().no_color, flags.value().quiet);
    return flags.value().watch ? watch_and_run(flags.value(), terminal)
                               : run_once(flags.value(), terminal).code;
}

}  // namespace weir::app

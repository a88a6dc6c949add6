#include "app/command_line.h"

#include <sstream>

#include <CLI/CLI.hpp>

#include "app/terminal.h"

namespace weir::app {

std::optional<gate::ExitCode> read_arguments(CLI::App& app, const Arguments& arguments) {
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
        return std::nullopt;
    } catch (const CLI::ParseError& stop) {
        std::ostringstream out;
        const bool help = app.exit(stop, out, out) == 0;
        help ? print(out.str()) : print_error(out.str());
        return help ? gate::ExitCode::ok : gate::ExitCode::usage;
    }
}

}  // namespace weir::app

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

base::Result<void> read_variables(const std::vector<std::string>& texts,
                                  std::map<std::string, std::string>& into) {
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos) {
            return base::Error{base::Code::invalid, "-e wants NAME=value, not " + text};
        }
        into[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return {};
}

}  // namespace weir::app

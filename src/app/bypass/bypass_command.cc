// `weir bypass`: ask for, allow, show and take back what lets a deployment on without a pass.
#include <array>
#include <string_view>

#include "app/bypass/desk.h"
#include "app/command.h"
#include "app/terminal.h"

namespace weir::app {
namespace {

using gate::ExitCode;

constexpr std::string_view usage =
    "weir bypass: let a deployment on without a pass, with another person's consent\n\n"
    "  weir bypass request --reason … --incident … --impact … --commit SHA [--subject sha256:…]\n"
    "                            ask for one: what is broken for users, and what it is for\n"
    "  weir bypass approve ID    allow it, as somebody else than the one who asked\n"
    "  weir bypass revoke ID     take it back\n"
    "  weir bypass list          those that are open, and debts; --all: every one\n"
    "  weir bypass verify ID     whether it is valid now, and why not\n\n"
    "weir bypass COMMAND --help says more; docs/bypass.md says when.\n";

struct Command {
    std::string_view name;
    ExitCode (*run)(const Arguments& arguments);
};
constexpr std::array commands{Command{"request", bypass_request},
                              Command{"approve", bypass_approve}, Command{"revoke", bypass_revoke},
                              Command{"list", bypass_list}, Command{"verify", bypass_verify}};

}  // namespace

ExitCode bypass_command(const Arguments& arguments) {
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
        arguments.empty() ? print_error(usage) : print(usage);
        return arguments.empty() ? ExitCode::usage : ExitCode::ok;
    }
    for (const auto& each : commands) {
        if (each.name == arguments[0]) return each.run({arguments.begin() + 1, arguments.end()});
    }
    print_error("weir bypass has no command '" + arguments[0] + "'\n\n");
    print_error(usage);
    return ExitCode::usage;
}

}  // namespace weir::app

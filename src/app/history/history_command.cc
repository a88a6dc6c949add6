// `weir history`: what the store remembers of a suite's runs.
#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/history/serve_command.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "ledger/ledger.h"
#include "plan/suite.h"
#include "report/history_text.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using gate::ExitCode;

struct HistoryFlags {
    std::string config = "weir.toml";
    std::string store;
    ledger::RunFilter filter;
    bool json = false;
};

base::Result<std::vector<record::PastRun>> find(HistoryFlags flags) {
    if (flags.store.empty()) {
        TRY(const auto text, read_file(flags.config));
        TRY(const auto suite, plan::parse_suite(text, flags.config));
        flags.store = suite.store;
        if (flags.filter.suite.empty()) flags.filter.suite = suite.name;
        if (flags.filter.environment.empty() && !suite.environments.empty()) {
            flags.filter.environment = suite.environments.front().name;
        }
        if (flags.store.empty()) {
            return base::Error{base::Code::invalid,
                               flags.config + " keeps no history: its store.url is empty"};
        }
    }
    TRY(auto opened, ledger::Ledger::open(flags.store));
    return opened.runs(flags.filter, rt::SystemClock().wall());
}

}  // namespace

ExitCode history_command(const Arguments& arguments) {
    if (!arguments.empty() && arguments.front() == "serve") {
        return history_serve(Arguments(arguments.begin() + 1, arguments.end()));
    }
    HistoryFlags flags;
    flags.filter.most = 30;
    CLI::App app("Show the history of a suite's runs; weir history serve: the team's page.",
                 "weir history");
    app.add_option("-c,--config", flags.config, "configuration that names store and suite")
        ->capture_default_str();
    app.add_option("--store", flags.store, "sqlite:PATH or postgresql://…, instead")
        ->envname("WEIR_STORE");
    app.add_option("--suite", flags.filter.suite, "only this suite");
    app.add_option("--env", flags.filter.environment, "only this environment");
    app.add_option("--last", flags.filter.most, "so many runs at most")->capture_default_str();
    app.add_flag("--json", flags.json, "as a JSON document");
    if (const auto early = read_arguments(app, arguments)) return *early;
    const auto runs = find(flags);
    if (!runs.ok()) {
        print_error("error: " + runs.error().text + "\n");
        return ExitCode::gate_error;
    }
    print(flags.json ? report::history_json(runs.value()) : report::history_text(runs.value()));
    return ExitCode::ok;
}

}  // namespace weir::app

// weir: a performance gate for deployment pipelines.
#include <csignal>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"
#include "app/terminal.h"
#include "base/version.h"
#include "net/self_contained.h"

namespace {

constexpr std::string_view usage =
    "weir: a performance gate for deployment pipelines\n\n"
    "  weir gate [--env NAME]      run weir.toml's suite and allow or block the deployment\n"
    "  weir run SCRIPT [flags]     run a k6 script, show its summary, judge its thresholds;\n"
    "                              --env NAME: in an environment of weir.toml; --watch: on each "
    "save\n"
    "  weir duet --baseline URL --candidate URL\n"
    "                              drive two deployments at once, name the requests that changed\n"
    "  weir init PIPELINE          write the files that put the gate into a pipeline\n"
    "  weir judge RESULT           judge a stored run again\n"
    "  weir report RESULT          a stored result as a page, or as json, csv, markdown, junit\n"
    "  weir compare BEFORE AFTER    compare two results\n"
    "  weir history                show a suite's past runs: trend, change points, flakes\n"
    "  weir history serve          the same as the team's page, with trends, bypasses and debts\n"
    "  weir bypass                 let a deployment on without a pass, with another's consent\n"
    "  weir ledger verify|show     the record of verdicts and bypasses, and that it is whole\n"
    "  weir verify --subject sha256:HEX\n"
    "                              admit a deployment by a signed pass or a bypass, or refuse it\n"
    "  weir key new|id             key pairs for signing verdicts and bypasses\n"
    "  weir prove                  prove that the gate detects a bad version\n"
    "  weir attribute --forward URL\n"
    "                              pass Alertmanager's alerts on, labelled: a run's doing, or "
    "real\n"
    "  weir inspect FILE           check a script or weir.toml, show what a run would be\n"
    "  weir schema [--report]      print the JSON Schema of weir.toml, or of a report\n"
    "  weir demo [flags]           start the sample service (weir-sample), outages included\n"
    "  weir version\n\n"
    "weir COMMAND --help says more. Exit codes: docs/formats/exit-codes.md\n";

}  // namespace

int main(int argc, char** argv) {
    using weir::gate::ExitCode;
    weir::net::stay_self_contained();
    // A reader that goes away (weir run … | head) must not end the run: its results are kept.
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv + 1, argv + argc);
    const std::string_view command =
        words.empty() ? std::string_view() : std::string_view(words[0]);
    const weir::app::Arguments rest(words.empty() ? words.begin() : words.begin() + 1, words.end());
    if (command == "run") return static_cast<int>(weir::app::run_command(rest));
    if (command == "gate") return static_cast<int>(weir::app::gate_command(rest));
    if (command == "init") return static_cast<int>(weir::app::init_command(rest));
    if (command == "bypass") return static_cast<int>(weir::app::bypass_command(rest));
    if (command == "ledger") return static_cast<int>(weir::app::ledger_command(rest));
    if (command == "duet") return static_cast<int>(weir::app::duet_command(rest));
    if (command == "judge") return static_cast<int>(weir::app::judge_command(rest));
    if (command == "report") return static_cast<int>(weir::app::report_command(rest));
    if (command == "compare") return static_cast<int>(weir::app::compare_command(rest));
    if (command == "history") return static_cast<int>(weir::app::history_command(rest));
    if (command == "verify") return static_cast<int>(weir::app::verify_command(rest));
    if (command == "key") return static_cast<int>(weir::app::key_command(rest));
    if (command == "prove") return static_cast<int>(weir::app::prove_command(rest));
    if (command == "attribute") return static_cast<int>(weir::app::attribute_command(rest));
    if (command == "inspect") return static_cast<int>(weir::app::inspect_command(rest));
    if (command == "schema") return static_cast<int>(weir::app::schema_command(rest));
    if (command == "demo") return static_cast<int>(weir::app::demo_command(rest));
    if (command == "version" || command == "--version") {
        weir::app::print("weir " + std::string(weir::base::version) + "\n");
        return 0;
    }
    const bool asked = command == "help" || command == "--help" || command == "-h";
    asked ? weir::app::print(usage) : weir::app::print_error(usage);
    return static_cast<int>(asked ? ExitCode::ok : ExitCode::usage);
}

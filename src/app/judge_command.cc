// `weir judge`: a stored run, judged again; the same inputs give the same verdict to the byte.
#include "app/command.h"
#include "app/duet/duet_result.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "gate/decision.h"
#include "judge/judge.h"
#include "record/codec.h"
#include "report/verdict_text.h"

namespace weir::app {
namespace {

struct Judged {
    record::RunRecord record;
    record::Verdict verdict;
    gate::Decision decision;
};

base::Result<Judged> judge_stored(const std::string& path) {
    TRY(const auto directory, ResultDirectory::open(path));
    if (is_duet(directory)) {
        TRY(auto result, judge_again(directory));
        auto decision = decide(result.duet);
        return Judged{std::move(result.record), std::move(result.duet.verdict),
                      std::move(decision)};
    }
    TRY(auto record, record::read_record(directory.file("record.json")));
    TRY(const auto text, directory.read("criteria.json"));
    TRY(const auto criteria, judge::decode_criteria(text));
    auto verdict = judge::judge(record, criteria);
    auto decision = gate::decide(verdict);
    return Judged{std::move(record), std::move(verdict), std::move(decision)};
}

}  // namespace

gate::ExitCode judge_command(const Arguments& arguments) {
    constexpr std::string_view usage =
        "usage: weir judge [--json] RESULT\n\nRESULT is a result directory. Prints the verdict, or "
        "with --json the bytes of verdict.json.\n";
    const bool json = !arguments.empty() && arguments.front() == "--json";
    if (!arguments.empty() && arguments.back() == "--help") {
        print(usage);
        return gate::ExitCode::ok;
    }
    if (arguments.size() != (json ? 2U : 1U)) {
        print_error(usage);
        return gate::ExitCode::usage;
    }
    auto judged = judge_stored(arguments.back());
    if (!judged.ok()) {
        print_error("error: " + judged.error().text + "\n");
        return gate::ExitCode::gate_error;
    }
    const auto& decision = judged.value().decision;
    const Terminal terminal = detect_terminal(false, false);
    print(json ? record::encode(judged.value().verdict)
               : report::verdict_text(judged.value().record, judged.value().verdict, decision,
                                      {.colors = terminal.colors, .unicode = terminal.unicode}));
    return decision.code;
}

}  // namespace weir::app

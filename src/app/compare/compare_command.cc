// `weir compare`: two results side by side, with how sure each difference is.
#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/json.h"
#include "judge/compare.h"
#include "record/codec.h"

namespace weir::app {
namespace {

using gate::ExitCode;

struct CompareFlags {
    std::string before;
    std::string after;
    std::string slower_than = "20% and 50ms";
    double level = 0.01;
    bool json = false;
    bool fail = false;
};

base::Result<record::RunRecord> read(const std::string& path) {
    TRY(const auto directory, ResultDirectory::open(path));
    return record::read_record(directory.file("record.json"));
}

base::Result<judge::Comparison> compare(const CompareFlags& flags) {
    const auto threshold = plan::parse_slower_than(flags.slower_than);
    if (!threshold.ok()) return base::within("--slower-than", threshold.error());
    TRY(const auto before, read(flags.before));
    TRY(const auto after, read(flags.after));
    auto found = judge::compare(before, after, threshold.value(), flags.level);
    if (found.requests.empty()) {
        return base::Error{base::Code::invalid,
                           base::format("{} and {} have no request in common: they are no runs of "
                                        "the same journeys",
                                        flags.before, flags.after)};
    }
    return found;
}

std::string line_of(const char* name, const judge::Change& change) {
    const double ratio = change.before_ms > 0 ? change.after_ms / change.before_ms : 1;
    return base::format("    {:<14} {:9.2f} ms → {:9.2f} ms   {:+.1f} % ({:+.1f} to {:+.1f} %)\n",
                        name, change.before_ms, change.after_ms, (ratio - 1) * 100,
                        (change.ratio.low - 1) * 100, (change.ratio.high - 1) * 100);
}

std::string text_of(const judge::Comparison& found, const CompareFlags& flags) {
    std::string changed;
    for (const auto& each : found.requests) {
        if (each.word != judge::ChangeWord::slower && each.word != judge::ChangeWord::faster)
            continue;
        changed += base::format("{}`{}` is {}", changed.empty() ? "" : ", ", each.request,
                                judge::word_of(each.word));
    }
    std::string out = changed.empty() ? base::format("nothing changed for sure by more than {}\n\n",
                                                     flags.slower_than)
                                      : changed + "\n\n";
    for (const auto& each : found.requests) {
        out += base::format("  {} `{}`{}: {} and {} answers, errors {:.2f} % → {:.2f} %\n",
                            judge::word_of(each.word), each.request,
                            each.journey.empty() ? "" : " of " + each.journey, each.before,
                            each.after, each.errors_before * 100, each.errors_after * 100);
        out += line_of("median", each.median) + line_of("95 % quantile", each.p95);
    }
    for (const auto& name : found.only_before) out += "  gone: `" + name + "`\n";
    for (const auto& name : found.only_after) out += "  new: `" + name + "`\n";
    return out;
}

base::Json json_of(const judge::Change& change) {
    return {{"before_ms", change.before_ms},
            {"after_ms", change.after_ms},
            {"ratio", {change.ratio.low, change.ratio.high}},
            {"difference_ms", {change.difference_ms.low, change.difference_ms.high}}};
}

std::string json_text(const judge::Comparison& found) {
    base::Json json{{"format", "weir-comparison"}, {"version", 1}};
    json["requests"] = base::Json::array();
    for (const auto& each : found.requests) {
        json["requests"].push_back({{"journey", each.journey},
                                    {"request", each.request},
                                    {"change", judge::word_of(each.word)},
                                    {"answers", {each.before, each.after}},
                                    {"error_share", {each.errors_before, each.errors_after}},
                                    {"median", json_of(each.median)},
                                    {"p95", json_of(each.p95)}});
    }
    json["only_before"] = found.only_before;
    json["only_after"] = found.only_after;
    return base::write_json(json, 2) + "\n";
}

}  // namespace

ExitCode compare_command(const Arguments& arguments) {
    CompareFlags flags;
    CLI::App app("Compare the results of two runs.", "weir compare");
    app.add_option("before", flags.before, "result directory of the run before")->required();
    app.add_option("after", flags.after, "result directory of the run after")->required();
    app.add_option("--slower-than", flags.slower_than, "what matters: a change by more than both")
        ->capture_default_str();
    app.add_option("--level", flags.level, "chance to call equal runs different")
        ->capture_default_str()
        ->check(CLI::Range(1e-9, 0.5));
    app.add_flag("--json", flags.json, "as a JSON document");
    app.add_flag("--fail", flags.fail, "exit with 10 when a request is slower");
    if (const auto early = read_arguments(app, arguments)) return *early;
    const auto found = compare(flags);
    if (!found.ok()) {
        print_error("error: " + found.error().text + "\n");
        return ExitCode::gate_error;
    }
    print(flags.json ? json_text(found.value()) : text_of(found.value(), flags));
    const bool slower =
        std::any_of(found.value().requests.begin(), found.value().requests.end(),
                    [](const auto& each) { return each.word == judge::ChangeWord::slower; });
    return flags.fail && slower ? ExitCode::gate_failed : ExitCode::ok;
}

}  // namespace weir::app

// `weir report`: a stored result as a page to look at, or in a form that other tools read.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/report/leave_report.h"
#include "app/report/material_of.h"
#include "app/report/stored_result.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "report/document/document.h"
#include "report/junit.h"
#include "report/pipeline/annotations.h"
#include "report/pipeline/requests_csv.h"
#include "report/pipeline/summary_markdown.h"

namespace weir::app {
namespace {

using gate::ExitCode;

struct ReportFlags {
    std::string result;
    std::string format = "html";
    std::string out;  // "-": standard output; empty: the format's own place
};

std::string in_format(const std::string& format, const report::Material& material) {
    if (format == "json") return report::report_json(material);
    if (format == "csv") return report::requests_csv(material.record);
    if (format == "markdown") return report::summary_markdown(material);
    if (format == "github") return report::github_annotations(material);
    if (format == "junit") return report::junit_xml(material);
    return report_html(material);
}

base::Result<void> report(const ReportFlags& flags) {
    TRY(const auto directory, ResultDirectory::open(flags.result));
    TRY(const auto stored, read_result(directory));
    const auto text = in_format(flags.format, material_of(stored.made, stored.decision));
    std::string out = flags.out;
    if (out.empty()) out = flags.format == "html" ? directory.file("report.html") : "-";
    if (out == "-") {
        print(text);
        if (std::ferror(stdout) == 0) return {};
        return base::Error{base::Code::io, "standard output did not take all of the report"};
    }
    TRY_VOID(write_file(out, text));
    print("report    " + out + "\n");
    return {};
}

}  // namespace

ExitCode report_command(const Arguments& arguments) {
    ReportFlags flags;
    CLI::App app("Show a stored result: a page, or a form that other tools read.", "weir report");
    app.add_option("result", flags.result,
                   "result directory of weir gate, run or duet, or its record.json")
        ->required();
    app.add_option("--format", flags.format, "html, json, csv, markdown, github or junit")
        ->capture_default_str()
        ->check(CLI::IsMember({"html", "json", "csv", "markdown", "github", "junit"}));
    app.add_option("--out", flags.out,
                   "file, or - for standard output; by default report.html in the result directory "
                   "for html, and standard output for all else");
    if (const auto early = read_arguments(app, arguments)) return *early;
    if (auto done = report(flags); !done.ok()) {
        print_error("error: " + done.error().text + "\n");
        return ExitCode::gate_error;
    }
    return ExitCode::ok;
}

}  // namespace weir::app

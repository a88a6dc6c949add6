#include "app/report/leave_report.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "app/process_environment.h"
#include "app/terminal.h"
#include "base/format.h"
#include "report/document/document.h"
#include "report/document/page.h"
#include "report/pipeline/annotations.h"
#include "report/pipeline/summary_markdown.h"
#include "weir_app_embedded.h"

namespace weir::app {
namespace {

std::string page_of(const std::string& document) {
    return report::report_page(embedded::report_html, document);
}

}  // namespace

std::string report_html(const report::Material& material) {
    return page_of(report::report_json(material));
}

std::optional<std::string> leave_report(const ResultDirectory& directory,
                                        const report::Material& material,
                                        const base::Log& log) {
    const auto write = [&](const char* name, const std::string& text) {
        auto written = directory.write(name, text);
        if (!written.ok()) log.warn("no report: " + written.error().text);
        return written.ok();
    };
    const std::string document = report::report_json(material);
    write("report.json", document);
    write("summary.md", report::summary_markdown(material));
    if (!write("report.html", page_of(document))) return std::nullopt;
    return directory.file("report.html");
}

base::Result<void> append_summary(const std::string& path, const std::string& markdown) {
    constexpr std::uintmax_t bytes_most = 1024 * 1024;
    std::error_code failed;
    std::uintmax_t there = std::filesystem::file_size(path, failed);
    if (failed) there = 0;  // the first to write makes it
    if (there + markdown.size() > bytes_most) {
        return base::Error{base::Code::limit,
                           base::format("the summary of this step is full: {} would have more than "
                                        "1 MiB, and GitHub would show none of it",
                                        path)};
    }
    std::ofstream file(path, std::ios::binary | std::ios::app);
    file << markdown;
    file.close();
    if (!file) {
        return base::Error{base::Code::io,
                           base::format("writing {}: {}", path, std::strerror(errno))};
    }
    return {};
}

void tell_github(const report::Material& material, const base::Log& log) {
    if (environment_variable("GITHUB_ACTIONS").value_or("") == "true") {
        print(report::github_annotations(material));
    }
    const auto summary = environment_variable("GITHUB_STEP_SUMMARY").value_or("");
    if (summary.empty()) return;
    if (auto done = append_summary(summary, report::summary_markdown(material)); !done.ok()) {
        log.warn("no summary for the job's page: " + done.error().text);
    }
}

}  // namespace weir::app

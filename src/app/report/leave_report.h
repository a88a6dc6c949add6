// Leaving a report: the page, the document and the summary beside a result; never decides anything.
#pragma once

#include <optional>
#include <string>

#include "app/result_directory.h"
#include "base/log.h"
#include "base/result.h"
#include "report/material.h"

namespace weir::app {

/// The page with this result in it: one file, to be opened anywhere.
[[nodiscard]] std::string report_html(const report::Material& material);

/// report.html, report.json and summary.md. A file that cannot be written is a warning, and the
/// others are. The page's path; nothing when it is not there.
std::optional<std::string> leave_report(const ResultDirectory& directory,
                                        const report::Material& material,
                                        const base::Log& log);

/// In a job of GitHub Actions: annotations on standard output, and the summary behind what the
/// job's page has (GITHUB_STEP_SUMMARY, at most 1 MiB a step). Elsewhere nothing.
void tell_github(const report::Material& material, const base::Log& log);

/// Appends to a job's summary what fits; the Error says what could not be written, or that
/// nothing fits.
[[nodiscard]] base::Result<void> append_summary(const std::string& path,
                                                const std::string& markdown);

}  // namespace weir::app

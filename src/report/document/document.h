// The report document, version 1: what the page shows and programs read; docs/formats/report.md.
#pragma once

#include <string>

#include "report/material.h"

namespace weir::report {

inline constexpr int document_version = 1;

/// One line of JSON and a line break, the same bytes for the same material: report-ui's
/// document.ts and docs/formats/report.schema.json say what is in it. Under 3 MB also for a run of
/// an hour with as many kinds of requests as a record tells apart. Bytes that are no UTF-8 become
/// U+FFFD.
[[nodiscard]] std::string report_json(const Material& material);

}  // namespace weir::report

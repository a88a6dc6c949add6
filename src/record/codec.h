// Codec: a RunRecord as a JSON document and back, losslessly (docs/formats/run-record.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "record/run_record.h"

namespace weir::record {

/// The same record gives the same bytes.
[[nodiscard]] std::string encode(const RunRecord& record);
/// Accepts only what it understands: another format or a newer version is an Error that says so.
[[nodiscard]] base::Result<RunRecord> decode(std::string_view text);

/// Whole or not at all: written beside `path`, synced, renamed. The Error names path and cause
/// (disk full…).
[[nodiscard]] base::Result<void> write_record(const std::string& path, const RunRecord& record);
[[nodiscard]] base::Result<RunRecord> read_record(const std::string& path);

}  // namespace weir::record

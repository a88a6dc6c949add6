// Codec: a RunRecord as a JSON document and back, losslessly (docs/formats/run-record.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "record/run_record.h"

namespace weir::record {

inline constexpr std::string_view record_format = "weir.run-record";

/// The same record gives the same bytes.
[[nodiscard]] std::string encode(const RunRecord& record);
/// Untrusted text. Accepts only what it understands: another format or a newer version is an Error
/// that says so, and so is a member of the wrong type or a contradiction. Unknown members are
/// passed over.
[[nodiscard]] base::Result<RunRecord> decode(std::string_view text);

/// Whole or not at all: written beside `path`, synced, renamed. The Error names path and cause
/// (disk full…).
[[nodiscard]] base::Result<void> write_record(const std::string& path, const RunRecord& record);
[[nodiscard]] base::Result<RunRecord> read_record(const std::string& path);
/// The same for any text, e.g. a report beside the record.
[[nodiscard]] base::Result<void> write_whole(const std::string& path, std::string_view text);

}  // namespace weir::record

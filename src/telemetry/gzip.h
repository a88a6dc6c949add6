// Gzip (RFC 1952) of bytes in memory, by zlib.
#pragma once

#include <string>
#include <string_view>

namespace weir::telemetry {

/// One member; several behind one another are a file of them.
[[nodiscard]] std::string gzipped(std::string_view bytes);

}  // namespace weir::telemetry

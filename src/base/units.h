// Durations as k6 and Go write them ("1m30s", "200ms", 1500), and sizes for people.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace weir::base {

/// Go's duration grammar ("1h2m3.5s", "100ms", "2d" as k6 allows) or a bare number of milliseconds
/// as in k6's options. Source: pkg.go.dev/time#ParseDuration, k6 options documentation.
[[nodiscard]] Result<Nanos> parse_duration(std::string_view text);
/// "1m30s", "2.5s", "150ms", "12.34µs": as Go prints a duration, for logs and round trips.
[[nodiscard]] std::string write_duration(Nanos duration);

}  // namespace weir::base

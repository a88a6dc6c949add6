// Durations as k6 and Go write them ("1m30s", "200ms", 1500), and sizes for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace weir::base {

/// Go's duration grammar ("1h2m3.5s", "100ms", "2d" as k6 allows) or a bare number of milliseconds
/// as in k6's options. Source: pkg.go.dev/time#ParseDuration, k6 options documentation.
[[nodiscard]] Result<Nanos> parse_duration(std::string_view text);
/// "512 MiB", "1GB", "1024": a whole number of bytes; kB, MB, GB, TB are decimal, KiB, MiB, GiB,
/// TiB binary (IEC 80000-13).
[[nodiscard]] Result<std::uint64_t> parse_bytes(std::string_view text);
/// The largest binary unit that gives a whole number: "512MiB", "1000B".
[[nodiscard]] std::string write_bytes(std::uint64_t bytes);
/// "1m30s", "2.5s", "150ms", "12.34µs": as Go prints a duration, for logs and round trips.
[[nodiscard]] std::string write_duration(Nanos duration);

}  // namespace weir::base

// ServerTiming: what a target says of its own work in the response header Server-Timing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::record {

/// One metric: `db;dur=53.2;desc="the cases' table"`.
struct ServerTiming {
    std::string name;          // not empty; as it was sent
    std::optional<double> ms;  // `dur`; nothing when it is absent, no number, or less than zero
    std::string description;   // `desc`, without its quotes
    [[nodiscard]] bool operator==(const ServerTiming&) const = default;
};

/// No header needs more; what follows is passed over.
inline constexpr std::size_t server_timings_most = 64;
/// So much of a header is kept as evidence, in bytes.
inline constexpr std::size_t server_timing_bytes_most = 512;

/// The metrics of one header, or of several that were joined by commas, in order; names may repeat.
/// Lenient, as user agents are: what cannot be read is passed over, and of a parameter that comes
/// twice the first counts, even an empty one. Source: W3C Server Timing, "The Server-Timing Header
/// Field" and its parsing algorithm; commas in quoted strings do not divide (Fetch, "get, decode,
/// and split"); numbers as in HTML's rules for parsing floating-point number values.
[[nodiscard]] std::vector<ServerTiming> parse_server_timing(std::string_view header);

/// The header in at most server_timing_bytes_most bytes: whole metrics alone.
[[nodiscard]] std::string bounded_server_timing(std::string header);

}  // namespace weir::record

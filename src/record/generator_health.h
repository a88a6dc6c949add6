// GeneratorHealth: what the load generator did to the measurement; judged before anything else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "stats/distribution.h"

namespace weir::record {

/// What became of the telemetry of one output (docs/telemetry.md). A push is all that there is to
/// say at one moment.
struct TelemetryDelivery {
    std::string output;         // "prometheus http://host:9090/api/v1/write", without credentials
    std::uint64_t sent = 0;     // pushes that the receiver took
    std::uint64_t dropped = 0;  // pushes that it did not: refused, too late, or never tried
    std::string words;          // of the last that was dropped: why, and what is missing for it
    [[nodiscard]] bool operator==(const TelemetryDelivery&) const = default;
};

struct GeneratorHealth {
    std::uint32_t workers = 0;      // event loops
    std::uint32_t cores = 0;        // that the process may run on
    base::Nanos loop_stall_max{};   // longest turn of any loop
    std::uint64_t loop_stalls = 0;  // turns longer than loop_stall_limit
    base::Nanos loop_stall_limit{};
    stats::Distribution start_delay;    // ms: actual - intended start of iterations
    std::uint64_t arrivals_missed = 0;  // due, and never begun for the generator's own reasons
    base::Nanos observed{};             // span that the CPU figures cover
    base::Nanos cpu_user{};
    base::Nanos cpu_system{};
    double cpu_busy_max = 0;     // greatest share of all cores in any one interval, 0..1
    double steal_share = 0;      // of all CPU time of the machine, 0..1
    double steal_share_max = 0;  // in any one interval
    std::uint64_t descriptors_most = 0;
    std::uint64_t descriptors_limit = 0;       // 0: unknown
    std::uint64_t memory_most_bytes = 0;       // resident
    std::uint64_t samples_unwritten = 0;       // --out fell behind by so many; the totals have them
    std::vector<TelemetryDelivery> telemetry;  // one an output
    [[nodiscard]] bool operator==(const GeneratorHealth&) const = default;
};

}  // namespace weir::record

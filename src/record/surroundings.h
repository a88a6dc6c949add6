// Surroundings: what was seen beside the load: probes, the target's own metrics, facts about the
// data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace weir::record {

// Instants are spans from the run's start; negative ones lie before it.

/// One light request, apart from the load.
struct Probe {
    base::Nanos at{};
    base::Nanos took{};
    int status = 0;  // 0: no answer
    [[nodiscard]] bool well() const noexcept { return status >= 200 && status < 500; }
    [[nodiscard]] bool operator==(const Probe&) const = default;
};

/// Probes of one address: before, during and after the run.
struct Probed {
    std::string name;  // of the dependency; empty: the target itself
    std::string url;
    base::Nanos slow_over{};  // a dependency that takes longer is not well; zero: not said
    std::vector<Probe> probes;
    std::string last_error;  // why a probe had no answer
    [[nodiscard]] bool operator==(const Probed&) const = default;
};

/// What the target said of itself and of its machine (Prometheus' standard names); 0: not said.
struct TargetReading {
    base::Nanos at{};
    double process_start = 0;         // process_start_time_seconds
    double memory_bytes = 0;          // process_resident_memory_bytes
    double process_cpu_seconds = 0;   // process_cpu_seconds_total
    double machine_cpu_seconds = 0;   // node_cpu_seconds_total, every mode
    double machine_idle_seconds = 0;  // of these, idle and iowait
    [[nodiscard]] bool operator==(const TargetReading&) const = default;
};

/// What a journey's facts() said before the run.
struct Fact {
    std::string name;
    double value = 0;
    [[nodiscard]] bool operator==(const Fact&) const = default;
};

struct Surroundings {
    std::vector<Probed> probed;  // the target first
    std::vector<TargetReading> readings;
    std::vector<Fact> facts;
    std::string facts_error;           // facts() threw: its words
    bool generator_on_target = false;  // the target's address is this machine's
    [[nodiscard]] bool operator==(const Surroundings&) const = default;
};

}  // namespace weir::record

// Scenario: one of k6's executors with its settings, validated.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace weir::plan {

enum class ExecutorKind : std::uint8_t {
    shared_iterations,
    per_vu_iterations,
    constant_vus,
    ramping_vus,
    constant_arrival_rate,
    ramping_arrival_rate,
};
/// k6's names: "constant-arrival-rate".
[[nodiscard]] std::string_view word_of(ExecutorKind kind) noexcept;
/// Iterations begin when they are due, whatever the target does (open model).
[[nodiscard]] bool is_open(ExecutorKind kind) noexcept;

struct Stage {
    base::Nanos duration{};
    std::uint64_t target = 0;  // users, or arrivals per time unit
};

/// One side of a duet: see pace::PairedArrivals. For constant arrival rates.
struct Pairing {
    bool candidate = false;
    base::Nanos offset{};    // of whoever goes second
    std::uint64_t seed = 0;  // of the order; the same on both sides
};

/// Fields that an executor does not have keep their defaults.
struct Scenario {
    std::string name;
    ExecutorKind executor = ExecutorKind::shared_iterations;
    base::Nanos start_time{};
    base::Nanos graceful_stop = std::chrono::seconds(30);
    std::map<std::string, std::string> env;
    std::string exec = "default";
    std::map<std::string, std::string> tags;

    std::uint32_t vus = 1;  // shared-, per-vu-iterations, constant-vus; startVUs of ramping-vus
    std::uint64_t iterations = 1;  // shared-, per-vu-iterations
    base::Nanos duration{};        // constant-vus, constant-arrival-rate; maxDuration of iterations
    std::vector<Stage> stages;     // ramping-*
    base::Nanos graceful_ramp_down = std::chrono::seconds(30);
    std::uint64_t rate = 0;  // constant-; startRate of ramping-arrival-rate
    base::Nanos time_unit = std::chrono::seconds(1);
    std::uint32_t pre_allocated_vus = 0;
    std::uint32_t max_vus = 0;  // at least pre_allocated_vus
    std::optional<Pairing> pairing;
};

}  // namespace weir::plan

// Health: what the run costs the machine that makes the load: CPU, steal, descriptors, memory.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/time.h"
#include "record/generator_health.h"
#include "rt/loop.h"

namespace weir::meter {

/// One look at the process and its machine; all but the last three count up from some beginning.
struct MachineReading {
    base::Nanos cpu_user{};
    base::Nanos cpu_system{};
    std::uint64_t machine_ticks = 0;  // CPU time of all cores, idle time too
    std::uint64_t steal_ticks = 0;    // of these, taken by the hypervisor for others
    std::uint64_t descriptors = 0;
    std::uint64_t descriptors_limit = 0;  // 0: unknown
    std::uint64_t memory_bytes = 0;
};
using MachineReader = std::function<MachineReading()>;

/// The real one: getrusage, /proc/stat, /proc/self. What cannot be read stays 0.
[[nodiscard]] MachineReading read_machine();

struct CpuTicks {
    std::uint64_t all = 0;
    std::uint64_t steal = 0;
};
/// The first line of /proc/stat: "cpu user nice system idle iowait irq softirq steal …". Guest time
/// is within user time and not counted twice. Source: proc(5).
[[nodiscard]] CpuTicks parse_cpu_ticks(std::string_view proc_stat) noexcept;

/// Sampled about once a second on the control thread, never on a worker.
class Health {
public:
    /// `cores` that the process may run on, at least 1.
    Health(MachineReader reader, std::uint32_t cores, base::Instant now);

    void sample(base::Instant now);
    /// The slowest of all loops: call once for each worker's loop, at the end.
    void note_loop(const rt::LoopHealth& loop);
    /// Everything until `now`; start_delay and arrivals_missed are for the caller to add.
    [[nodiscard]] record::GeneratorHealth until(base::Instant now);

private:
    /// Shorter intervals say more of the kernel's tick than of the load.
    static constexpr base::Nanos interval_least = std::chrono::milliseconds(100);

    MachineReader reader_;
    MachineReading first_;
    MachineReading last_;
    base::Instant first_at_;
    base::Instant last_at_;
    record::GeneratorHealth health_;
};

}  // namespace weir::meter

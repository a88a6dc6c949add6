#include "meter/health.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <utility>

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

namespace weir::meter {
namespace {

base::Nanos nanos_of(const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

std::uint64_t open_descriptors() {
    DIR* folder = ::opendir("/proc/self/fd");
    if (folder == nullptr) return 0;
    std::uint64_t entries = 0;
    while (::readdir(folder) != nullptr) ++entries;  // NOLINT(concurrency-mt-unsafe): own stream
    ::closedir(folder);
    return entries > 3 ? entries - 3 : 0;  // ".", ".." and the folder itself
}

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    file >> all >> resident;
    return resident * static_cast<std::uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 0L));
}

/// A counter that was reset in between (a migrated machine) counts as having stood still.
std::uint64_t gained(std::uint64_t now, std::uint64_t before) {
    return now > before ? now - before : 0;
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

CpuTicks parse_cpu_ticks(std::string_view proc_stat) noexcept {
    constexpr int fields_used = 8;
    constexpr int steal_field = 7;
    CpuTicks ticks;
    if (!proc_stat.starts_with("cpu ")) return ticks;
    const char* at = proc_stat.data() + 4;
    const char* end = proc_stat.data() + std::min(proc_stat.find('\n'), proc_stat.size());
    for (int field = 0; field < fields_used; ++field) {
        while (at != end && *at == ' ') ++at;
        std::uint64_t value = 0;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error != std::errc{}) break;
        ticks.all += value;
        if (field == steal_field) ticks.steal = value;
        at = next;
    }
    return ticks;
}

MachineReading read_machine() {
    MachineReading now;
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) == 0) {
        now.cpu_user = nanos_of(usage.ru_utime);
        now.cpu_system = nanos_of(usage.ru_stime);
    }
    std::ifstream file("/proc/stat");
    std::string line;
    std::getline(file, line);
    const CpuTicks ticks = parse_cpu_ticks(line);
    now.machine_ticks = ticks.all;
    now.steal_ticks = ticks.steal;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) now.descriptors_limit = limit.rlim_cur;
    now.descriptors = open_descriptors();
    now.memory_bytes = resident_bytes();
    return now;
}

Health::Health(MachineReader reader, std::uint32_t cores, base::Instant now)
    : reader_(std::move(reader)), first_(reader_()), last_(first_), first_at_(now), last_at_(now) {
    health_.cores = std::max(cores, 1U);
    health_.loop_stall_limit = rt::stall_limit;
}

void Health::sample(base::Instant now) {
    const MachineReading reading = reader_();
    health_.descriptors_most = std::max(health_.descriptors_most, reading.descriptors);
    health_.descriptors_limit = reading.descriptors_limit;
    health_.memory_most_bytes = std::max(health_.memory_most_bytes, reading.memory_bytes);
    if (now - last_at_ < interval_least) return;
    const base::Nanos busy =
        (reading.cpu_user - last_.cpu_user) + (reading.cpu_system - last_.cpu_system);
    const double room = base::to_seconds(now - last_at_) * health_.cores;
    health_.cpu_busy_max = std::max(health_.cpu_busy_max, base::to_seconds(busy) / room);
    health_.steal_share_max = std::max(health_.steal_share_max,
                                       share(gained(reading.steal_ticks, last_.steal_ticks),
                                             gained(reading.machine_ticks, last_.machine_ticks)));
    last_ = reading;
    last_at_ = now;
}

void Health::note_loop(const rt::LoopHealth& loop) {
    health_.workers += 1;
    health_.loop_stall_max = std::max(health_.loop_stall_max, loop.stall_max);
    health_.loop_stalls += loop.stalls;
}

record::GeneratorHealth Health::until(base::Instant now) {
    sample(now);
    const MachineReading reading = reader_();
    health_.observed = now - first_at_;
    health_.cpu_user = reading.cpu_user - first_.cpu_user;
    health_.cpu_system = reading.cpu_system - first_.cpu_system;
    health_.steal_share = share(gained(reading.steal_ticks, first_.steal_ticks),
                                gained(reading.machine_ticks, first_.machine_ticks));
    return health_;
}

}  // namespace weir::meter
